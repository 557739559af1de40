//! The scripts that a town's routers run when no product installs its own.

/// Where webhooks go, and in which form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Webhook {
    /// `http://HOST:PORT/path`, perhaps with a query already.
    pub url: String,
    /// Sent in `X-IMSys-Token`.
    pub token: Option<String>,
    /// The form.
    pub form: Form,
}

/// The two forms of a webhook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Form {
    /// POST with five lines: status, user, caller-id, address, interface.
    Keyed,
    /// GET with `user`, `status` and `router` in the URL, nothing encoded.
    Plain {
        /// The value of `router=`.
        router: String,
    },
}

impl Webhook {
    /// The script for `up` or `down`. Neither URL nor token may hold quotes or dollars.
    pub fn script(&self, status: &str) -> String {
        let header = match &self.token {
            Some(token) => format!(" http-header-field=\"X-IMSys-Token:{token}\""),
            None => String::new(),
        };
        let call = match &self.form {
            Form::Keyed => format!(
                "url=\"{}\" http-method=post keep-result=no duration=5s{header} http-data=(\"{status}\\n\".$user.\"\\n\".\
                 $\"caller-id\".\"\\n\".$\"remote-address\".\"\\n\".$interface)",
                self.url
            ),
            Form::Plain { router } => {
                let joint = if self.url.contains('?') { '&' } else { '?' };
                format!(
                    "url=\"{}{joint}user=$user&status={status}&router={router}\" keep-result=no duration=5s{header}",
                    self.url
                )
            }
        };
        format!(":do {{/tool fetch {call}}} on-error={{}}")
    }
}
