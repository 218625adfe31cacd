//! The page of proofs, runs and mismatches is current, and every test that it names exists.

use firstlight_tests::promises::root;
use firstlight_tests::verification::{dangling, page, read};

#[test]
fn every_figure_and_every_mismatch_names_tests_that_exist() {
    let mut verification = read().unwrap_or_else(|e| panic!("{e}"));
    assert!(verification.figure.len() >= 5 && verification.mismatch.len() >= 5);
    let wrong = dangling(&verification);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // and one that does not is found
    verification.mismatch[0].tests.push("tests/tests/lockstep.rs::nobody_wrote_this".into());
    verification.figure[0].tests.clear();
    assert_eq!(dangling(&verification).len(), 2);
}

#[test]
fn the_page_in_the_docs_is_what_the_tables_give() {
    let page = read().and_then(|v| page(&v)).unwrap_or_else(|e| panic!("{e}"));
    let path = root().join("docs/verification.md");
    if std::env::var_os("FIRSTLIGHT_REFRESH").is_some() {
        std::fs::write(&path, &page).expect("the page can be written");
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    let refresh = "FIRSTLIGHT_REFRESH=1 cargo test -p firstlight-tests --test verification";
    assert!(kept == page, "docs/verification.md is old. Refresh it with:\n  {refresh}");
}
