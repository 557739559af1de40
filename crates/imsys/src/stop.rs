//! How everything that waits is told to end.

use tokio::sync::watch;

/// Ends everything that holds the [`Stop`] that was made with it; so does dropping it.
pub struct Stopper(watch::Sender<bool>);

/// Resolves when it is time to end.
#[derive(Clone)]
pub struct Stop(watch::Receiver<bool>);

/// A pair of both.
pub fn channel() -> (Stopper, Stop) {
    let (sender, receiver) = watch::channel(false);
    (Stopper(sender), Stop(receiver))
}

impl Stopper {
    /// Ends.
    pub fn stop(&self) {
        self.0.send_replace(true);
    }
}

impl Stop {
    /// Waits for the end. Cancelling the wait loses nothing.
    pub async fn wait(&mut self) {
        let _or_dropped = self.0.wait_for(|ended| *ended).await;
    }
}
