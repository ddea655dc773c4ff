//! The owner's socket: one connection for each request, which costs less than a tenth of a millisecond.

use std::io;
use std::path::{Path, PathBuf};

use axum::body::Body;
use axum::http::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::net::UnixStream;

use crate::output::failure::Failure;

/// The socket's name in a data directory.
pub(crate) const SOCKET_FILE: &str = "dreamkeeper.sock";

/// The socket of a process that owns the directory and serves.
pub(super) struct Socket {
    path: PathBuf,
    space: String,
    may_make: bool,
}

impl Socket {
    /// The directory's socket, if somebody listens at it. One that a killed process left behind does not
    /// count: the next owner replaces it.
    pub(super) async fn find(
        directory: &Path,
        (space, may_make): (&str, bool),
    ) -> anyhow::Result<Option<Self>> {
        let path = directory.join(SOCKET_FILE);
        match UnixStream::connect(&path).await {
            Ok(_) => Ok(Some(Self { path, space: space.to_owned(), may_make })),
            Err(error) => match error.kind() {
                // At a path too long for a socket's name (`InvalidInput`) nobody can listen either.
                io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused | io::ErrorKind::InvalidInput => {
                    Ok(None)
                }
                io::ErrorKind::PermissionDenied => {
                    let what = format!("{} belongs to another user", path.display());
                    Err(Failure::new(what, "run the command as the user who runs the server").into())
                }
                _ => Err(anyhow::Error::new(error).context(format!("{} cannot be reached", path.display()))),
            },
        }
    }

    pub(super) async fn send(&self, mut request: Request<Body>) -> anyhow::Result<Response<Body>> {
        let gone = || {
            let what = format!("the server behind {} went away", self.path.display());
            Failure::new(what, "look at its log, then run the command again")
        };
        let stream = UnixStream::connect(&self.path)
            .await
            .map_err(|error| anyhow::Error::new(error).context(gone()))?;
        let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
        // The task ends with the connection, when the answer's body has been read or dropped.
        tokio::spawn(connection);
        super::in_process::name_space(&mut request, (&self.space, self.may_make))?;
        let response =
            sender.send_request(request).await.map_err(|error| anyhow::Error::new(error).context(gone()))?;
        Ok(response.map(Body::new))
    }
}
