//! The two cookies of a browser session. Scripts see neither.

use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};

use crate::App;

const ACCESS: &str = "acquis_access";
const REFRESH: &str = "acquis_refresh";
const REFRESH_PATH: &str = "/api/v1/auth";

pub fn access(jar: &CookieJar) -> Option<&str> {
    jar.get(ACCESS).map(Cookie::value)
}

pub fn refresh(jar: &CookieJar) -> Option<&str> {
    jar.get(REFRESH).map(Cookie::value)
}

fn cookie(app: &App, name: &'static str, value: String, path: &'static str) -> Cookie<'static> {
    Cookie::build((name, value))
        .path(path)
        .http_only(true)
        .secure(app.secure_cookies)
        .same_site(SameSite::Strict)
        .max_age(time::Duration::seconds(store::session::LIFETIME.num_seconds()))
        .build()
}

pub fn with_access(jar: CookieJar, app: &App, token: String) -> CookieJar {
    jar.add(cookie(app, ACCESS, token, "/"))
}

pub fn with_refresh(jar: CookieJar, app: &App, token: String) -> CookieJar {
    jar.add(cookie(app, REFRESH, token, REFRESH_PATH))
}

pub fn without(jar: CookieJar, app: &App) -> CookieJar {
    jar.remove(cookie(app, ACCESS, String::new(), "/")).remove(cookie(
        app,
        REFRESH,
        String::new(),
        REFRESH_PATH,
    ))
}
