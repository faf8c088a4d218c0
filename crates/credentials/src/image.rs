//! The picture that a credential travels in (Open Badges 3.0, section 5.3.2, *baking* an SVG).

/// A seal with the credential in it. `code` and `title` are shown; a reader of badges finds `jwt`.
pub fn baked(code: &str, title: &str, jwt: &str) -> String {
    let (code, title, jwt) = (escaped(code), escaped(title), escaped(jwt));
    format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" xmlns:openbadges="https://purl.imsglobal.org/ob/v3p0" viewBox="0 0 400 400" width="400" height="400" role="img" aria-labelledby="title">
<title id="title">{title}</title>
<openbadges:credential verify="{jwt}"/>
<circle cx="200" cy="200" r="188" fill="#ffffff" stroke="#1d4f91" stroke-width="12"/>
<circle cx="200" cy="200" r="166" fill="none" stroke="#1d4f91" stroke-width="2"/>
<path d="M136 162l46 46 82-88" fill="none" stroke="#1d4f91" stroke-width="22" stroke-linecap="round" stroke-linejoin="round"/>
<text x="200" y="272" fill="#14202e" font-family="sans-serif" font-size="28" font-weight="600" text-anchor="middle">{code}</text>
<text x="200" y="304" fill="#14202e" font-family="sans-serif" font-size="18" text-anchor="middle">Open Badges 3.0</text>
</svg>
"##
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
