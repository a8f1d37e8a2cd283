//! HTTP in, HTTP out: the REST API, the API that CompreFace's clients speak, the operator's console
//! and each person's own pages, from one port.
//!
//! A [`Front`] makes a function of a [`House`] (the wards that are served), so that tests need no
//! socket; [`serve`] gives it one, and ends in order. What may be asked without a key or a session
//! is the list [`public`], and nothing else.

mod api;
mod assets;
mod bare;
mod base64_text;
mod caller;
mod compreface;
mod console;
mod cookie;
mod door;
mod framing;
mod headers;
mod house;
mod lang;
mod limits;
mod liveness;
mod me;
mod once;
mod operations;
mod problem;
mod routes;
mod serve;
mod session;
mod tagged;
mod tokens;
mod traces;

pub use house::{House, WardName};
pub use limits::Limits;
pub use problem::Problem;
pub use routes::{Front, public};
pub use serve::{Listening, ServeOptions, Tls, serve};
pub use traces::Collector;

/// What a caller can do about a server that does not start.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    /// A ward would not open.
    #[error(transparent)]
    Ward(#[from] faceward::WardError),
    /// A folder under `wards/` has a name that cannot stand in an address.
    #[error("`{0}` cannot name a ward: use 1 to 40 of a-z, 0-9 and -, beginning with a letter")]
    WardName(String),
    /// No ward of this name is served.
    #[error("no ward `{0}` is served here")]
    NoSuchWard(String),
    /// A folder could not be read.
    #[error("{path}: {error}")]
    Folder {
        /// Which one.
        path: std::path::PathBuf,
        /// What the system said.
        error: std::io::Error,
    },
    /// The address cannot be listened at.
    #[error("cannot listen at {address}: {error}; choose another with --listen")]
    Address {
        /// Which one.
        address: std::net::SocketAddr,
        /// What the system said.
        error: std::io::Error,
    },
    /// Certificate and key do not make an identity.
    #[error(
        "the certificate or its key cannot be used: {0}; both are PEM files, see docs/operate.md"
    )]
    Tls(std::io::Error),
    /// Other machines could reach the server, and read everything on its way.
    #[error(
        "{0} can be reached from other machines: give a certificate (--tls-cert, --tls-key), or say that a proxy in front of it does (--behind-proxy)"
    )]
    Bare(std::net::SocketAddr),
    /// The address of a collector cannot be used.
    #[error(
        "`{0}` is no address of a collector: write it as http://host:port or https://host; /v1/traces is put behind it"
    )]
    Collector(String),
    /// The server broke down.
    #[error("the server failed: {0}")]
    Failed(std::io::Error),
}
