//! Listening: at an address, under a certificate where one is given, until told to end.

use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::time::Duration;

use axum_server::tls_rustls::RustlsConfig;
use axum_server::{Handle, Server};

use crate::{Front, ServerError};

/// How to listen.
#[derive(Debug, Clone)]
pub struct ServeOptions {
    /// Where; only this machine if not said otherwise.
    pub listen: SocketAddr,
    /// Under which certificate, if any.
    pub tls: Option<Tls>,
    /// Whether a proxy in front speaks TLS.
    pub behind_proxy: bool,
}

/// A certificate chain and its key, as PEM files.
#[derive(Debug, Clone)]
pub struct Tls {
    /// The chain.
    pub certificate: PathBuf,
    /// The key.
    pub key: PathBuf,
}

/// A server that has its address and has not answered yet.
pub struct Listening {
    listener: TcpListener,
    address: SocketAddr,
    tls: Option<RustlsConfig>,
}

/// How long requests under way may take to end once the server is told to.
const GRACE: Duration = Duration::from_secs(30);
/// How often what is kept in memory for nobody any more is let go of.
const REST: Duration = Duration::from_secs(60);
/// How long a connection may take to say what it wants.
const HEADER_TIME: Duration = Duration::from_secs(10);
const MOST_HEADERS: usize = 64;

impl Listening {
    /// Takes the address, and reads the certificate.
    ///
    /// # Errors
    /// [`ServerError::Bare`] for an address that others can reach, without a certificate or a
    /// proxy; [`ServerError::Address`], [`ServerError::Tls`].
    pub async fn at(options: ServeOptions) -> Result<Self, ServerError> {
        let reached = !options.listen.ip().is_loopback();
        if reached && options.tls.is_none() && !options.behind_proxy {
            return Err(ServerError::Bare(options.listen));
        }
        let failed = |error| ServerError::Address {
            address: options.listen,
            error,
        };
        let listener = TcpListener::bind(options.listen).map_err(failed)?;
        listener.set_nonblocking(true).map_err(failed)?;
        let tls = match &options.tls {
            Some(tls) => Some(identity(tls).await?),
            None => None,
        };
        Ok(Self {
            address: listener.local_addr().map_err(failed)?,
            listener,
            tls,
        })
    }

    /// Where it listens; with the port that was free, where port 0 was asked for.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The address to give to a browser.
    pub fn url(&self) -> String {
        let scheme = if self.tls.is_some() { "https" } else { "http" };
        format!("{scheme}://{}", self.address)
    }
}

/// Answers until `end` is over; then takes no more connections, and ends once every request under
/// way is answered, or after half a minute. Closes the house.
///
/// # Errors
/// [`ServerError::Failed`].
pub async fn serve(
    listening: Listening,
    front: Front,
    end: impl Future<Output = ()> + Send + 'static,
) -> Result<(), ServerError> {
    let Listening { listener, tls, .. } = listening;
    if tls.is_some() {
        front.speaks_tls();
    }
    let app = front
        .router()
        .into_make_service_with_connect_info::<SocketAddr>();
    let handle = Handle::new();
    let ending = handle.clone();
    tokio::spawn(async move {
        end.await;
        ending.graceful_shutdown(Some(GRACE));
    });
    let (rested, traced) = (front.clone(), front.clone());
    let resting = tokio::spawn(async move {
        loop {
            tokio::time::sleep(REST).await;
            rested.rest().await;
        }
    });
    let served = match tls {
        Some(identity) => {
            let server = axum_server::from_tcp_rustls(listener, identity);
            let server = server.map_err(ServerError::Failed)?.handle(handle);
            bounded(server).serve(app).await
        }
        None => {
            let server = axum_server::from_tcp(listener);
            let server = server.map_err(ServerError::Failed)?.handle(handle);
            bounded(server).serve(app).await
        }
    };
    resting.abort();
    traced.traced().await;
    front.house().clone().close().await;
    served.map_err(ServerError::Failed)
}

/// A server that waits so long for a request's head, and reads so much of one.
fn bounded<A>(mut server: Server<SocketAddr, A>) -> Server<SocketAddr, A> {
    server
        .http_builder()
        .http1()
        .timer(hyper_util::rt::TokioTimer::new())
        .header_read_timeout(HEADER_TIME)
        .max_headers(MOST_HEADERS);
    server
}

async fn identity(tls: &Tls) -> Result<RustlsConfig, ServerError> {
    // A process that installed one before keeps it.
    let _ = rustls::crypto::ring::default_provider().install_default();
    RustlsConfig::from_pem_file(&tls.certificate, &tls.key)
        .await
        .map_err(ServerError::Tls)
}
