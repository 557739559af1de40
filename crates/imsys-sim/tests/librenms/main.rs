//! The fake LibreNMS answers as the recordings of a real one do.
//!
//! The recordings lie beside the checkout and are not part of the project; without them the test says so and does nothing.

#![expect(
    clippy::print_stdout,
    reason = "a test that skips says so, and one that passes says what it compared"
)]

mod client;
mod compare;
mod recordings;
mod scene;

use recordings::Recording;

#[tokio::test]
async fn every_recorded_request_that_our_client_can_make_gets_the_recorded_answer() {
    let Some(recordings) = recordings::all() else { return };
    let fake = scene::start(&recordings).await;
    let (mut differences, mut compared, mut left_out) = (Vec::new(), 0, 0);
    let mut race: Vec<&Recording> = Vec::new();
    for recording in &recordings {
        if recording.left_out().is_some() {
            left_out += 1;
            continue;
        }
        scene::before(&fake, &recording.name);
        // Adds that were sent at once are sent at once.
        if recording.name.starts_with("600-race") {
            race.push(recording);
            if race.len() < 3 {
                continue;
            }
            let sent = [race[0], race[1], race[2]].map(|recording| client::send(&fake, recording));
            let [first, second, third] = sent;
            let answers = tokio::join!(first, second, third);
            for (recording, answer) in race.iter().zip([answers.0, answers.1, answers.2]) {
                differences.extend(compare::race(recording, &answer));
            }
            compared += 3;
            continue;
        }
        let answer = client::send(&fake, recording).await;
        differences.extend(compare::answer(recording, &answer));
        compared += 1;
    }
    println!("{compared} recorded answers compared, {left_out} left out by name");
    assert!(compared > 220, "only {compared} recordings were compared");
    assert!(differences.is_empty(), "{} differences:\n{}", differences.len(), differences.join("\n"));
}
