//! Where a request comes from.

use std::{
    convert::Infallible,
    net::{IpAddr, SocketAddr},
};

use axum::{
    extract::{ConnectInfo, FromRequestParts},
    http::request::Parts,
};

/// The client's address, if it is known. Behind a proxy of the same house, what that one says: the
/// last address is its own word, those before are the client's.
pub struct Client(pub Option<IpAddr>);

impl<S: Send + Sync> FromRequestParts<S> for Client {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip());
        let forwarded = parts.headers.get_all("x-forwarded-for").iter().next_back();
        let named = || forwarded?.to_str().ok()?.rsplit(',').next()?.trim().parse::<IpAddr>().ok();
        Ok(Self(match peer.map(|peer| peer.to_canonical()) {
            Some(peer) if is_of_the_house(peer) => Some(named().unwrap_or(peer)),
            peer => peer,
        }))
    }
}

fn is_of_the_house(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => address.is_loopback() || address.is_private(),
        IpAddr::V6(address) => address.is_loopback() || address.is_unique_local(),
    }
}
