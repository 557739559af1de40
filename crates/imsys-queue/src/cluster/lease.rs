//! Leases: a key in Redis that names its holder and goes by itself when nobody renews it.

use super::Cluster;
use crate::port::Result;
use std::time::Duration;

/// For how long a lease holds after it was taken or renewed. Its holder must count from before it asked.
pub const LEASE: Duration = Duration::from_secs(15);
/// Members of which nothing was heard for so long are gone.
const SILENT: Duration = LEASE;
/// Leases in one command.
const CHUNK: usize = 500;

/// Renews what is the asker's; says of each whether it is.
const RENEW: &str = "local mine = {}
for i, key in ipairs(KEYS) do
  mine[i] = redis.call('GET', key) == ARGV[1] and redis.call('PEXPIRE', key, ARGV[2]) or 0
end
return mine";
/// Takes what nobody holds, and renews what is the asker's already; says of each whether it is his now.
const TAKE: &str = "local mine = {}
for i, key in ipairs(KEYS) do
  local free = redis.call('SET', key, ARGV[1], 'NX', 'PX', ARGV[2])
  local own = not free and redis.call('GET', key) == ARGV[1] and redis.call('PEXPIRE', key, ARGV[2]) == 1
  mine[i] = (free or own) and 1 or 0
end
return mine";
/// Gives back what is the asker's.
const RELEASE: &str = "for _, key in ipairs(KEYS) do
  if redis.call('GET', key) == ARGV[1] then redis.call('DEL', key) end
end
return 0";
/// Notes that a member lives, forgets the silent ones, and names all.
const BEAT: &str = "local now = redis.call('TIME')
local at = now[1] * 1000 + math.floor(now[2] / 1000)
redis.call('ZADD', KEYS[1], at, ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', at - ARGV[2])
return redis.call('ZRANGE', KEYS[1], 0, -1)";

impl Cluster {
    /// Takes leases; of each whether this process holds it now, in the order of `names`.
    ///
    /// # Errors
    /// Redis cannot be reached: some may have been taken all the same.
    pub async fn take(&self, names: &[String]) -> Result<Vec<bool>> {
        self.each(TAKE, names).await
    }

    /// Renews leases of this process; of each whether it still holds it.
    ///
    /// # Errors
    /// Redis cannot be reached: the leases hold until they run out.
    pub async fn renew(&self, names: &[String]) -> Result<Vec<bool>> {
        self.each(RENEW, names).await
    }

    /// Gives leases of this process back. What is not its own stays.
    ///
    /// # Errors
    /// Redis cannot be reached: the leases run out by themselves.
    pub async fn release(&self, names: &[String]) -> Result<()> {
        for chunk in names.chunks(CHUNK) {
            let _: i64 = self.link.ask(self.command(RELEASE, chunk)).await?;
        }
        Ok(())
    }

    /// Who holds each lease.
    ///
    /// # Errors
    /// Redis cannot be reached.
    pub async fn holders(&self, names: &[String]) -> Result<Vec<Option<String>>> {
        let mut holders = Vec::with_capacity(names.len());
        for chunk in names.chunks(CHUNK) {
            let mut get = redis::cmd("MGET");
            chunk.iter().for_each(|name| {
                get.arg(self.lease(name));
            });
            holders.append(&mut self.link.ask::<Vec<Option<String>>>(get).await?);
        }
        Ok(holders)
    }

    /// Notes that this process works, and names all that do, in one order everywhere.
    ///
    /// # Errors
    /// Redis cannot be reached.
    pub async fn beat(&self) -> Result<Vec<String>> {
        let mut beat = redis::cmd("EVAL");
        beat.arg(BEAT).arg(1).arg(self.workers()).arg(self.member()).arg(millis(SILENT));
        let mut members: Vec<String> = self.link.ask(beat).await?;
        members.sort();
        Ok(members)
    }

    /// This process works no more.
    ///
    /// # Errors
    /// Redis cannot be reached: the others will notice.
    pub async fn retire(&self) -> Result<()> {
        let mut retire = redis::cmd("ZREM");
        retire.arg(self.workers()).arg(self.member());
        self.link.ask::<i64>(retire).await.map(|_| ())
    }

    async fn each(&self, script: &str, names: &[String]) -> Result<Vec<bool>> {
        let mut all = Vec::with_capacity(names.len());
        for chunk in names.chunks(CHUNK) {
            let mine: Vec<i64> = self.link.ask(self.command(script, chunk)).await?;
            all.extend(mine.into_iter().map(|mine| mine == 1));
        }
        Ok(all)
    }

    fn command(&self, script: &str, names: &[String]) -> redis::Cmd {
        let mut eval = redis::cmd("EVAL");
        eval.arg(script).arg(names.len());
        names.iter().for_each(|name| {
            eval.arg(self.lease(name));
        });
        eval.arg(self.member()).arg(millis(LEASE));
        eval
    }

    fn lease(&self, name: &str) -> String {
        self.link.key(format_args!("lease:{name}"))
    }

    fn workers(&self) -> String {
        self.link.key("workers")
    }
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
