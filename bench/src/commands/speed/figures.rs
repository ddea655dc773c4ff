//! Figures beside their bounds.

use std::fmt::Write as _;

use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::measure::rounded;

/// Which side of its bound a figure must be on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Bound {
    /// At most so much.
    AtMost,
    /// At least so much.
    AtLeast,
}

/// One figure.
#[derive(Debug, Clone, serde::Serialize)]
pub(super) struct Figure {
    #[serde(skip)]
    name: String,
    value: f64,
    unit: &'static str,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    bounded: Option<Bounded>,
}

#[derive(Debug, Clone, serde::Serialize)]
struct Bounded {
    bound: f64,
    side: Bound,
    ratio: f64,
    holds: bool,
}

/// Figures in the order they were measured.
#[derive(Debug, Clone, Default)]
pub(super) struct Figures(Vec<Figure>);

impl Figures {
    /// Adds a figure that has no bound.
    pub(super) fn tell(&mut self, name: impl Into<String>, value: f64, unit: &'static str) {
        self.add(Figure { name: name.into(), value: rounded(value), unit, bounded: None });
    }

    /// Adds a figure with its bound.
    pub(super) fn hold(
        &mut self,
        name: impl Into<String>,
        (value, unit): (f64, &'static str),
        (side, bound): (Bound, f64),
    ) {
        let holds = match side {
            Bound::AtMost => value <= bound,
            Bound::AtLeast => value >= bound,
        };
        let bounded = Bounded { bound: rounded(bound), side, ratio: rounded(value / bound), holds };
        self.add(Figure { name: name.into(), value: rounded(value), unit, bounded: Some(bounded) });
    }

    fn add(&mut self, figure: Figure) {
        eprintln!("{}", row(&figure).trim_end());
        self.0.push(figure);
    }

    /// All of them, one a line.
    pub(super) fn table(&self) -> String {
        self.0.iter().map(row).collect()
    }
}

fn row(figure: &Figure) -> String {
    let mut row = format!("  {:<38} {:>12} {:<16}", figure.name, shown(figure.value), figure.unit);
    if let Some(bounded) = &figure.bounded {
        let side = match bounded.side {
            Bound::AtMost => "at most",
            Bound::AtLeast => "at least",
        };
        let verdict = if bounded.holds { "" } else { "  MISSED" };
        let _ = write!(row, "{side} {}: ratio {:.2}{verdict}", shown(bounded.bound), bounded.ratio);
    }
    row.truncate(row.trim_end().len());
    row.push('\n');
    row
}

fn shown(value: f64) -> String {
    if value.abs() >= 100.0 { format!("{value:.0}") } else { format!("{value:.2}") }
}

impl Serialize for Figures {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for figure in &self.0 {
            map.serialize_entry(&figure.name, figure)?;
        }
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_stands_beside_its_bound_as_a_ratio() {
        let mut figures = Figures::default();
        figures.hold("import", (10_000.0, "messages/s"), (Bound::AtLeast, 5_000.0));
        figures.hold("write p50", (3.0, "ms"), (Bound::AtMost, 2.5));
        figures.tell("disk", 800.0, "bytes/passage");
        let json = serde_json::to_value(&figures).unwrap();
        assert_eq!(json["import"]["ratio"], 2.0);
        assert_eq!((&json["import"]["holds"], &json["write p50"]["holds"]), (&true.into(), &false.into()));
        assert!(json["disk"].get("bound").is_none());
        let table = figures.table();
        assert!(table.contains("at most 2.50: ratio 1.20  MISSED"), "{table}");
    }
}
