//! Table: rows in aligned columns, the last one cut to the terminal's width.

use super::text::{pad, pad_left, shorten, width_of};

/// One column.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Column {
    heading: &'static str,
    right: bool,
}

/// A column of words.
pub(crate) const fn words(heading: &'static str) -> Column {
    Column { heading, right: false }
}

/// A column of numbers.
pub(crate) const fn numbers(heading: &'static str) -> Column {
    Column { heading, right: true }
}

/// Rows under headings.
#[derive(Debug)]
pub(crate) struct Table {
    columns: Vec<Column>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table without rows.
    pub(crate) fn new(columns: impl Into<Vec<Column>>) -> Self {
        Self { columns: columns.into(), rows: Vec::new() }
    }

    /// Adds a row: one cell for each column.
    pub(crate) fn row(&mut self, cells: impl Into<Vec<String>>) {
        let cells = cells.into();
        debug_assert_eq!(cells.len(), self.columns.len());
        self.rows.push(cells);
    }

    /// The heading and the rows as lines of at most `width` cells.
    pub(crate) fn lines(&self, width: usize) -> (String, Vec<String>) {
        let last = self.columns.len().saturating_sub(1);
        let widths: Vec<usize> = self
            .columns
            .iter()
            .enumerate()
            .map(|(place, column)| {
                let cells = self.rows.iter().map(|row| width_of(&row[place]));
                cells.chain([width_of(column.heading)]).max().unwrap_or(0)
            })
            .collect();
        let taken: usize = widths[..last].iter().map(|width| width + 2).sum();
        let room = width.saturating_sub(taken).max(12);
        let line = |cells: Vec<&str>| {
            let mut line = String::new();
            for (place, cell) in cells.into_iter().enumerate() {
                if self.columns[place].right {
                    line.push_str(&pad_left(cell, widths[place]));
                } else if place == last {
                    line.push_str(&shorten(cell, room));
                } else {
                    line.push_str(&pad(cell, widths[place]));
                }
                line.push_str(if place == last { "" } else { "  " });
            }
            line.trim_end().to_owned()
        };
        let heading = line(self.columns.iter().map(|column| column.heading).collect());
        let rows = self.rows.iter().map(|row| line(row.iter().map(String::as_str).collect())).collect();
        (heading, rows)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_under_each_other_and_the_last_is_cut() {
        let mut table = Table::new([words("name"), numbers("count"), words("text")]);
        table.row(["é".to_owned(), "12".to_owned(), "a long sentence that does not fit".to_owned()]);
        let (heading, rows) = table.lines(30);
        assert_eq!(heading, "name  count  text");
        assert_eq!(rows, ["é        12  a long sentence…"]);
    }
}
