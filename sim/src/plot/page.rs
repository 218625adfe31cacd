//! The HTML page around tables and charts.

/// A stand-alone HTML page; sections are (heading, ready HTML or SVG).
pub fn html_page(title: &str, sections: &[(String, String)]) -> String {
    let title = escape(title);
    let mut page = format!(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title}</title>\n\
         <style>body{{font:16px/1.5 sans-serif;max-width:60em;margin:2em auto;padding:0 1em}}\
         svg{{max-width:100%;height:auto}}table{{border-collapse:collapse;font-size:14px}}\
         td,th{{border:1px solid #ccc;padding:.2em .6em;text-align:right}}</style></head>\n<body><h1>{title}</h1>\n"
    );
    for (heading, body) in sections {
        page += &format!("<h2>{}</h2>\n{body}\n", escape(heading));
    }
    page + "</body></html>\n"
}

/// A table for [`html_page`].
pub fn html_table(head: &[&str], rows: &[Vec<String>]) -> String {
    let cells = |tag: &str, row: Vec<&str>| -> String {
        row.iter().map(|c| format!("<{tag}>{}</{tag}>", escape(c))).collect::<String>()
    };
    let mut table = format!("<table><tr>{}</tr>\n", cells("th", head.to_vec()));
    for row in rows {
        table += &format!("<tr>{}</tr>\n", cells("td", row.iter().map(String::as_str).collect()));
    }
    table + "</table>"
}

/// Text for HTML.
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
