//! `ber` and `ladder` on the simulated board, in this process and behind its UARTBone.
use serde_json::Value;

use crate::run::firstlight;
use crate::simulated::Served;

fn json(args: &[&str]) -> Value {
    serde_json::from_str(&firstlight(args).succeeds()).expect("one JSON object")
}

#[test]
fn ber_counts_what_was_injected_and_bounds_what_was_not_seen() {
    let served = Served::start(&["--tcp", "127.0.0.1:0"]);
    for port in ["sim:", &served.1] {
        let report = json(&["ber", "--port", port, "-n", "400", "--errors", "1e-3", "--json"]);
        let interval = report["line"]["interval_95"].as_array().unwrap();
        let [low, high] = [0, 1].map(|k| interval[k].as_f64().unwrap());
        assert!(low < 1.05e-3 && high > 0.95e-3 && low < high, "{report}");
        assert!(report["after_correction"]["rate"].as_f64() < report["line"]["rate"].as_f64(), "{report}");
        assert_eq!(report["bursts"], false);
        let bad = report["uncorrectable_words"].as_f64().unwrap();
        let expected = report["expected_uncorrectable_words"].as_f64().unwrap();
        assert!(bad > 0.0 && (bad - expected).abs() < 5.0 * expected.sqrt(), "{report}");
        let (lost, exact) =
            (report["frames"]["lost"].as_f64().unwrap(), report["frames"]["exact_rate"].as_f64().unwrap());
        assert!((lost - 400.0 * exact).abs() < 4.0 * (400.0 * exact).sqrt(), "{report}");

        let clean = json(&["ber", "--port", port, "-n", "100", "--json"]);
        assert_eq!((&clean["line"]["rate"], &clean["frames"]["lost"]), (&Value::Null, &Value::from(0)));
        assert!(clean["line"]["upper_95"].as_f64().unwrap() > 0.0, "a bound, never 0");
    }
    let text = firstlight(&["ber", "-n", "100"]).succeeds();
    assert!(text.contains("no wrong bit in") && text.contains("certify     1e-12 takes 3.00e12 bits"), "{text}");
}

/// At L3 a frame counts as lost when it stays damaged after the host's repair, not when it arrives damaged.
#[test]
fn ber_at_l3_counts_what_is_lost_after_repair() {
    let served = Served::start(&["--tcp", "127.0.0.1:0"]);
    for port in ["sim:", &served.1] {
        let report = json(&["ber", "--port", port, "-n", "250", "--errors", "1e-3", "--rung", "L3", "--json"]);
        let frames = &report["frames"];
        let [sent, damaged, repaired, lost] =
            ["sent", "damaged", "repaired", "lost"].map(|k| frames[k].as_u64().unwrap());
        let [in_line, after] = ["exact_rate_damaged", "exact_rate"].map(|k| frames[k].as_f64().unwrap());
        assert_eq!((sent, repaired + lost, &frames["repaired_wrong"]), (250, damaged, &Value::from(0)), "{report}");
        assert!(after * 50.0 < in_line && lost <= 3, "{report}");
        let expected = 250.0 * in_line;
        assert!((damaged as f64 - expected).abs() < 4.0 * expected.sqrt(), "{report}");
        assert!(report["after_correction"]["upper_95"].as_f64() < report["line"]["rate"].as_f64(), "{report}");
    }
    let text = firstlight(&["ber", "--rung", "L3", "-n", "60", "--errors", "1e-3", "--length", "9"]).succeeds();
    assert!(text.contains("of 60 after repair") && text.contains("stay lost"), "{text}");
    let clean = firstlight(&["ber", "--rung", "L3", "-n", "15"]).succeeds();
    assert!(clean.contains("none lost of 15 after repair") && clean.contains("no frame needed it"), "{clean}");
    firstlight(&["ber", "--rung", "L3", "--length", "4329", "--port", "tcp:127.0.0.1:1"])
        .fails(2, "frames of 4329 bytes at L3 do not fit the rx memory");
}

#[test]
fn ber_says_what_a_target_still_needs() {
    firstlight(&["ber", "-n", "100", "--target", "1e-4"]).succeeds();
    let short = firstlight(&["ber", "-n", "100", "--target", "1e-9"]);
    short.fails(1, "bits show no more than a rate below");
    assert!(short.err.contains("next:     -n "), "{}", short.err);
    firstlight(&["ber", "-n", "200", "--errors", "1e-3", "--rung", "L1", "--target", "1e-5"])
        .fails(1, "the rate after L1 is");
    firstlight(&["ber", "--errors", "0.5"]).fails(2, "--errors 5e-1 cannot be injected");
    firstlight(&["ber", "--target", "2"]).refused("a bit error rate is above 0 and below 0.5");
    firstlight(&["ber", "--port", "tcp:127.0.0.1:1"]).fails(3, "nobody listens");
}

/// Errors take an armed ladder to L3, where parity words follow every frame under full load; a quiet line brings it
/// down again.
#[test]
fn an_armed_ladder_climbs_for_errors_and_descends_when_it_is_quiet() {
    let served = Served::start(&["--tcp", "127.0.0.1:0"]);
    let ladder = |args: &[&str]| firstlight(&[&["ladder"], args, &["--port", &served.1]].concat());
    let waits = |args: &[&str]| {
        let args = [&["measure", "--json", "--port", &served.1], args].concat();
        let report: Value = serde_json::from_str(&firstlight(&args).out).unwrap();
        assert_eq!(report["latency_cycles"]["max"], 3, "at every rung");
        report["wait_cycles"]["max"].as_u64()
    };
    assert!(ladder(&["show"]).succeeds().contains("rung        L2, stays"));
    assert!(ladder(&["arm", "--up", "1e-4", "--hold", "255"]).succeeds().contains("moves by itself"));
    assert_eq!(waits(&["-n", "600", "--length", "256", "--errors", "1e-3"]), Some(4), "END and two parity words");
    let noisy = ladder(&["show"]).succeeds();
    assert!(noisy.contains("rung        L3, moves by itself"), "{noisy}");
    ladder(&["arm", "--up", "1e-3", "--hold", "4"]).succeeds();
    waits(&["-n", "3000"]);
    let quiet = ladder(&["show"]).succeeds();
    assert!(quiet.contains("rung        L0, moves by itself") && quiet.contains("the last for quiet"), "{quiet}");
    assert!(ladder(&["disarm"]).succeeds().contains("rung        L0, stays"));
    ladder(&["arm", "--up", "1"]).fails(2, "corrected words in a window overflow its counter");
    ladder(&["arm", "--window", "9"]).fails(2, "cannot show a rate below");
}
