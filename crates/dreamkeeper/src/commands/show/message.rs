//! Messages: whole, and as turns of a session.

use std::io;

use dreamkeeper_api::message::Message;
use dreamkeeper_api::session::Session;

use super::{origin_mark, scope, wire_word};
use crate::output::Out;
use crate::output::paint::Ink;
use crate::output::text::{count, pad, printable, wrap_to};
use crate::output::time::moment;

/// The message with everything that is known of it.
pub(crate) fn whole(out: &mut Out, message: &Message) -> io::Result<()> {
    if message.erased {
        out.line(out.paint.ink(Ink::Bad, "erased: its content is gone for good"))?;
    } else {
        out.block(0, None, &message.text)?;
    }
    out.gap()?;
    let said_by = message.author.clone().unwrap_or_else(|| wire_word(&message.role));
    let rows = [
        ("id", message.id.to_string()),
        ("said by", format!("{said_by} ({})", wire_word(&message.role))),
        ("at", moment(message.at.0, message.zone.as_deref())),
        ("zone", message.zone.clone().unwrap_or_default()),
        ("session", format!("{}, message {}", message.session, message.ordinal)),
        ("client id", message.client_id.clone().unwrap_or_default()),
        ("for", scope(&message.scope)),
        ("origin", format!("{}, {}", wire_word(&message.origin), wire_word(&message.via))),
        ("recorded", moment(message.recorded_at.0, None)),
    ];
    for (name, value) in rows.into_iter().filter(|(_, value)| !value.is_empty()) {
        let name = out.paint.faint(pad(name, 13));
        out.line(format!("{name}{}", printable(&value)))?;
    }
    Ok(())
}

/// One turn of a session: who, when, and the first lines of what was said.
pub(crate) fn turn(out: &mut Out, message: &Message) -> io::Result<()> {
    let paint = out.paint;
    let who = message.author.clone().unwrap_or_else(|| wire_word(&message.role));
    let told = [
        paint.strong(printable(&who)),
        paint.faint(moment(message.at.0, message.zone.as_deref())),
        origin_mark(paint, message.origin).unwrap_or_default(),
        paint.faint(message.id.to_string()),
    ];
    out.facts(0, told)?;
    let text = if message.erased { "(erased)".to_owned() } else { printable(&message.text) };
    for line in wrap_to(&text, out.width.saturating_sub(2), 8) {
        out.line(format!("  {line}"))?;
    }
    Ok(())
}

/// A session, whole.
pub(crate) fn session(out: &mut Out, session: &Session) -> io::Result<()> {
    let rows = [
        ("id", session.id.to_string()),
        ("key", session.key.clone().unwrap_or_default()),
        ("for", scope(&session.scope)),
        ("holds", count(u64::from(session.message_count), "message")),
        ("opened", moment(session.opened_at.0, None)),
        ("last said", moment(session.last_at.0, None)),
    ];
    for (name, value) in rows.into_iter().filter(|(_, value)| !value.is_empty()) {
        let name = out.paint.faint(pad(name, 13));
        out.line(format!("{name}{}", printable(&value)))?;
    }
    Ok(())
}
