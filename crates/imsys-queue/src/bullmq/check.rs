//! Whether this Redis may be trusted with jobs.

/// Reads the answer to `INFO`; what is wrong and what to do.
pub(super) fn problems(info: &str) -> Vec<String> {
    let mut problems = Vec::new();
    match value(info, "maxmemory_policy") {
        Some("noeviction") => {}
        Some(policy) => problems.push(format!(
            "Redis may throw jobs away when its memory is short, because `maxmemory-policy` is `{policy}`: \
             set `maxmemory-policy noeviction` in redis.conf and restart it."
        )),
        None => problems.push(unsaid("maxmemory-policy", "noeviction")),
    }
    match value(info, "aof_enabled") {
        Some("1") => {}
        Some(_) => problems.push(
            "Redis loses the jobs of the last minutes when it stops, because it keeps no append-only file: \
             run `redis-cli config set appendonly yes`, and set `appendonly yes` in redis.conf."
                .to_owned(),
        ),
        None => problems.push(unsaid("appendonly", "yes")),
    }
    problems
}

fn value<'a>(info: &'a str, key: &str) -> Option<&'a str> {
    info.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(':')).map(str::trim)
}

fn unsaid(setting: &str, wanted: &str) -> String {
    format!("Redis does not tell its `{setting}`: make sure that it is `{wanted}`.")
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "# Memory\r\nmaxmemory_policy:noeviction\r\n# Persistence\r\naof_enabled:1\r\n";

    #[test]
    fn a_redis_that_keeps_jobs_has_no_problem() {
        assert_eq!(problems(GOOD), Vec::<String>::new());
    }

    #[test]
    fn a_redis_that_may_lose_jobs_is_told_what_to_change() {
        let said = problems("maxmemory_policy:allkeys-lru\r\naof_enabled:0\r\n");
        assert_eq!(said.len(), 2);
        assert!(said[0].contains("`allkeys-lru`") && said[0].contains("`maxmemory-policy noeviction`"));
        assert!(said[1].contains("`appendonly yes`"));
    }

    #[test]
    fn a_redis_that_says_nothing_is_not_trusted() {
        assert_eq!(problems("").len(), 2);
    }
}
