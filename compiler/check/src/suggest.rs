//! "Did you mean": the closest of the names that would have been right.

/// The candidate that is spelled most like `written`, if any is close enough to be a slip.
pub(crate) fn closest<'a>(
    written: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<String> {
    // One letter that differs says nothing about a name of one letter.
    let limit = match written.chars().count() {
        0 | 1 => 0,
        length => (length / 3).max(1),
    };
    let scored = candidates
        .into_iter()
        .filter(|c| *c != written)
        .map(|candidate| {
            let folded = candidate.eq_ignore_ascii_case(written);
            let distance = strsim::damerau_levenshtein(written, candidate);
            (if folded { 0 } else { distance }, candidate)
        });
    let best = scored.filter(|(distance, _)| *distance <= limit).min()?;
    Some(best.1.to_string())
}

/// `did you mean …?` for the closest candidate.
pub(crate) fn did_you_mean<'a>(
    written: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<String> {
    closest(written, candidates).map(|name| format!("did you mean `{name}`?"))
}

/// Names that functions with one purpose have in one language or another.
const SYNONYMS: &[&[&str]] = &[
    &["explode", "split", "tokenize", "fields"],
    &["implode", "join", "concat"],
    &[
        "uppercase",
        "toUpperCase",
        "upper",
        "ToUpper",
        "toUpper",
        "upcase",
    ],
    &[
        "lowercase",
        "toLowerCase",
        "lower",
        "ToLower",
        "toLower",
        "downcase",
    ],
    &["subString", "substring", "substr", "slice"],
    &["find", "indexOf", "index", "search", "locate"],
    &["rfind", "lastIndexOf", "rindex"],
    &["trim", "strip", "TrimSpace"],
    &["replace", "replaceAll", "sub", "gsub"],
    &["startsWith", "HasPrefix", "hasPrefix", "startswith"],
    &["endsWith", "HasSuffix", "hasSuffix", "endswith"],
    &[
        "intFromString",
        "parseInt",
        "parse",
        "Atoi",
        "atoi",
        "toInt",
        "valueOf",
        "decode",
    ],
    &[
        "floatFromString",
        "parseFloat",
        "parseDouble",
        "parse",
        "toFloat",
        "valueOf",
        "decode",
    ],
    &["isInt", "isNumeric", "isNumber", "isdigit"],
    &[
        "intToString",
        "floatToString",
        "toString",
        "str",
        "format",
        "makeString",
    ],
    &["contains", "has", "containsKey", "includes", "exists"],
    &["length", "size", "count", "len", "getLength"],
    &["add", "append", "push", "put", "enqueue", "insert"],
    &["remove", "delete", "pop", "dequeue", "erase"],
    &["sleep", "delay", "pause"],
    &["nowMs", "now", "currentTimeMillis", "getTime", "time"],
    &["monotonicUs", "nanoTime", "micros"],
    &["next", "nextInt", "randint", "getInt", "random"],
    &["nextFloat", "nextDouble", "random"],
    &[
        "println",
        "print",
        "Println",
        "printf",
        "log",
        "write",
        "writeln",
        "writeLine",
    ],
    &["readln", "readLine", "readline", "read", "gets"],
    &["readFile", "readAll", "read", "open"],
    &["writeFile", "write", "save"],
    &[
        "getDirectoryContents",
        "list",
        "listdir",
        "readdir",
        "listFiles",
    ],
    &["createDirectory", "mkdir", "mkdirs"],
    &["recv", "receive", "read"],
    &["send", "write"],
    &["disconnect", "unbind", "close"],
    &["move", "rename"],
    &["fixed", "format", "round", "toFixed"],
];

/// The candidate that is called `written` elsewhere.
pub(crate) fn synonym<'a>(
    written: &str,
    candidates: impl IntoIterator<Item = &'a str> + Clone,
) -> Option<&'a str> {
    let groups = SYNONYMS.iter().filter(|group| group.contains(&written));
    let mut there = groups.filter_map(|group| {
        let mut all = candidates.clone().into_iter();
        all.find(|candidate| group.contains(candidate))
    });
    there.next()
}

/// What a requirement of an interface is mostly called: `su` for a `StringUtil`.
pub(crate) fn usual_name(interface: &str) -> String {
    let capitals: String = interface.chars().filter(char::is_ascii_uppercase).collect();
    match interface {
        "Output" => "out".into(),
        "ErrorOutput" => "err".into(),
        "Input" => "in".into(),
        _ if capitals.len() > 1 => capitals.to_lowercase(),
        _ => interface.to_lowercase(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_are_known_by_other_names() {
        let names = ["find", "explode", "implode"];
        assert_eq!(synonym("split", names), Some("explode"));
        assert_eq!(synonym("indexOf", names), Some("find"));
        assert_eq!(synonym("trim", names), None);
    }

    #[test]
    fn requirements_have_usual_names() {
        assert_eq!(usual_name("StringUtil"), "su");
        assert_eq!(usual_name("Timer"), "timer");
        assert_eq!(usual_name("Output"), "out");
    }

    #[test]
    fn slips_are_recognised_and_other_words_are_not() {
        let names = ["println", "print", "Output"];
        assert_eq!(closest("printn", names), Some("print".to_string()));
        assert_eq!(closest("prinltn", names), Some("println".to_string()));
        assert_eq!(closest("output", names), Some("Output".to_string()));
        assert_eq!(closest("close", names), None);
        assert_eq!(closest("i", ["j"]), None);
    }
}
