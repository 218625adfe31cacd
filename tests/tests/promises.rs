//! Every promise has its tests and proofs, the README promises nothing else, and the page in the docs is current.

use firstlight_tests::promises::{dangling, page, read, readme_rows, root};

const REFRESH: &str = "FIRSTLIGHT_REFRESH=1 cargo test --workspace --test promises";

#[test]
fn every_promise_names_tests_and_proofs_that_exist() {
    let promises = read().unwrap_or_else(|e| panic!("{e}"));
    assert!(promises.len() > 10);
    let wrong = dangling(&promises);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_promise_without_its_test_is_found() {
    let mut promises = read().unwrap_or_else(|e| panic!("{e}"));
    promises[0].tests.push("tests/tests/promises.rs::nobody_wrote_this".into());
    promises[0].tests.push("tests/src/promises.rs::page".into());
    promises[0].proofs.push("nobody_proved_this".into());
    assert_eq!(dangling(&promises).len(), 3);
}

#[test]
fn every_claim_of_the_readme_is_a_promise_with_the_same_figure() {
    let promises = read().unwrap_or_else(|e| panic!("{e}"));
    let rows = readme_rows().unwrap_or_else(|e| panic!("{e}"));
    assert!(rows.len() > 20, "the README has its tables: {rows:?}");
    for (claim, value) in rows {
        let promise = promises.iter().find(|p| p.says == claim);
        let promise = promise.unwrap_or_else(|| panic!("README: \"{claim}\" is not in tests/promises.toml"));
        assert_eq!(promise.measured, value, "README and tests/promises.toml differ in the figure of \"{claim}\"");
    }
}

#[test]
fn the_page_in_the_docs_is_what_the_table_gives() {
    let promises = read().unwrap_or_else(|e| panic!("{e}"));
    let path = root().join("docs/promises.md");
    if std::env::var_os("FIRSTLIGHT_REFRESH").is_some() {
        std::fs::create_dir_all(root().join("docs")).expect("docs/ can be made");
        std::fs::write(&path, page(&promises)).expect("the page can be written");
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == page(&promises), "docs/promises.md is old. Refresh it with:\n  {REFRESH}");
}
