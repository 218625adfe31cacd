//! Reports in JSON against their schemas.
use std::collections::BTreeSet;

use serde_json::Value;

/// Of `measure --json`.
pub const MEASURE: &str = include_str!("../../schema/measure.schema.json");
/// Of `laser --json`.
#[cfg(feature = "sim")]
pub const LASER: &str = include_str!("../../schema/laser.schema.json");

/// Every key of each report is in the schema with its type, every required one in each report, and every one that the
/// schema documents in some report.
pub fn check(schema: &str, reports: &[Value]) {
    let schema: Value = serde_json::from_str(schema).unwrap();
    let (mut documented, mut seen) = (BTreeSet::new(), BTreeSet::new());
    properties(&schema, "report", &mut documented);
    for report in reports {
        conforms(&schema, report, "report", &mut seen);
    }
    let never: Vec<&String> = documented.difference(&seen).collect();
    assert!(never.is_empty(), "documented, and in no report: {never:?}");
}

fn properties(schema: &Value, place: &str, found: &mut BTreeSet<String>) {
    if schema["items"].is_object() {
        properties(&schema["items"], place, found);
    }
    for (key, inner) in schema["properties"].as_object().into_iter().flatten() {
        let place = format!("{place}.{key}");
        properties(inner, &place, found);
        found.insert(place);
    }
}

fn conforms(schema: &Value, value: &Value, place: &str, seen: &mut BTreeSet<String>) {
    let of_type = |name: &str| match name {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        "integer" => value.is_u64(),
        "number" => value.is_number(),
        other => panic!("{place}: unknown type {other}"),
    };
    let types: Vec<&str> = match &schema["type"] {
        Value::String(one) => vec![one],
        Value::Array(many) => many.iter().filter_map(Value::as_str).collect(),
        _ => panic!("{place} has no type in the schema"),
    };
    assert!(types.iter().any(|t| of_type(t)), "{place} is {value}, not {types:?}");
    if let Some(want) = schema.get("const") {
        assert_eq!(value, want, "{place}");
    }
    if schema["items"].is_object() {
        value.as_array().into_iter().flatten().for_each(|v| conforms(&schema["items"], v, place, seen));
    }
    if let Some(object) = value.as_object() {
        for name in schema["required"].as_array().into_iter().flatten() {
            assert!(object.contains_key(name.as_str().unwrap()), "{place} lacks {name}");
        }
        for (key, inner) in object {
            let place = format!("{place}.{key}");
            match schema["properties"].get(key).or_else(|| schema.get("additionalProperties").filter(|a| a.is_object()))
            {
                Some(schema) => conforms(schema, inner, &place, seen),
                None => panic!("{place} is not in the schema"),
            }
            seen.insert(place);
        }
    }
}
