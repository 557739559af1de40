use tokio::time::timeout;

use super::{Client, Command, Error, LoginError, Reply, session::UNTAGGED, sink::Outcome};
use crate::challenge;

/// How to log in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum LoginForm {
    /// Name and password, for RouterOS 6.43 and later.
    #[default]
    Modern,
    /// As `Modern`; an older router, which answers with a challenge, gets its response. The password has
    /// then been on the wire, so allow this only where that is no harm.
    ModernOrChallenge,
    /// The challenge form only, for routers known to be older than 6.43. Never shows the password.
    Challenge,
}

impl Client {
    /// Logs in, within [`ClientOptions::patience`](super::ClientOptions::patience). Dropping the future
    /// closes the connection, because a login cannot be cancelled.
    ///
    /// # Errors
    /// [`Error::Trap`] for a wrong name or password, after which another try is possible;
    /// [`Error::Login`] when the router wants the other form.
    pub async fn login(&self, name: &str, password: &str, form: LoginForm) -> Result<(), Error> {
        let _one_at_a_time = self.shared.login.try_acquire().map_err(|_| LoginError::Busy)?;
        let answer = self.login_in_form(name, password, form);
        timeout(self.shared.options.patience, answer).await.unwrap_or(Err(Error::Deadline))
    }

    async fn login_in_form(&self, name: &str, password: &str, form: LoginForm) -> Result<(), Error> {
        let first = match form {
            LoginForm::Challenge => Command::new("/login"),
            _ => Command::new("/login").attr("name", name).attr("password", password),
        };
        let reply = self.login_step(first).await?;
        match (reply.ret, form) {
            (None, LoginForm::Challenge) => Err(LoginError::NoChallenge.into()),
            (None, _) => Ok(()),
            (Some(_), LoginForm::Modern) => Err(LoginError::ChallengeWanted.into()),
            (Some(challenge), _) => {
                let response = challenge::response(password, &challenge)
                    .ok_or(LoginError::BadChallenge { challenge })?;
                let answer = Command::new("/login").attr("name", name).attr("response", response);
                self.login_step(answer).await.map(drop)
            }
        }
    }

    async fn login_step(&self, command: Command) -> Result<Reply, Error> {
        let place = self.place(self.lane).await?;
        self.exchange(UNTAGGED, command, place, |done| Box::new(Outcome(done))).await
    }
}
