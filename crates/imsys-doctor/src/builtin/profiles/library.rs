//! All profiles: those that are compiled in and those of a folder.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::check::check;
use super::schema::Profile;

macro_rules! compiled_in {
    ($($file:literal,)*) => { &[$(($file, include_str!(concat!("data/", $file)))),*] };
}

/// One line for each file of `data/`.
pub(super) const COMPILED_IN: &[(&str, &str)] = compiled_in! {
    "af60.toml",
    "airfiber.toml",
    "airos.toml",
    "ceraos.toml",
    "cnmatrix.toml",
    "cnwave60.toml",
    "edgeos.toml",
    "edgeswitch.toml",
    "epmp.toml",
    "generic.toml",
    "host-resources.toml",
    "ligoos.toml",
    "ltu.toml",
    "mimosa.toml",
    "netonix.toml",
    "pmp.toml",
    "ptp670.toml",
    "radwin.toml",
    "routeros.toml",
    "siklu-tg.toml",
    "siklu.toml",
    "swos.toml",
    "tachyon.toml",
    "ucd.toml",
    "unifi.toml",
};

/// Why a profile was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}, line {line}: {problem}")]
pub struct ProfileError {
    /// The file.
    pub file: String,
    /// The line, from 1; 0 when it is about the file itself.
    pub line: usize,
    /// What is wrong and how to put it right.
    pub problem: String,
}

/// All profiles by family.
#[derive(Debug, Clone)]
pub struct Library {
    profiles: BTreeMap<String, Profile>,
}

impl Library {
    /// The profiles that are compiled in.
    pub fn compiled_in() -> Self {
        let mut library = Self { profiles: BTreeMap::new() };
        for (file, text) in COMPILED_IN {
            let profile = parse(file, text).expect("a test reads every profile that is compiled in");
            library.profiles.insert(profile.family.clone(), profile);
        }
        library
    }

    /// Adds the `*.toml` files of `folder`. A profile whose family is known already replaces that one.
    /// Files that are refused change nothing.
    ///
    /// # Errors
    /// One error for each file that was refused; all others were added.
    pub fn add_folder(&mut self, folder: &Path) -> Result<(), Vec<ProfileError>> {
        let mut errors = Vec::new();
        let mut added = BTreeMap::new();
        for (file, text) in files(folder, &mut errors) {
            match parse(&file, &text) {
                Ok(profile) => _ = added.insert(profile.family.clone(), (file, profile)),
                Err(error) => errors.push(error),
            }
        }
        let known: Vec<String> = self.profiles.keys().chain(added.keys()).cloned().collect();
        for (family, (file, profile)) in added {
            match profile.include.iter().find(|name| !known.contains(name)) {
                None => _ = self.profiles.insert(family, profile),
                Some(name) => errors.push(ProfileError {
                    file,
                    line: 0,
                    problem: format!(
                        "there is no family {name:?} to include: known are {}",
                        known.join(", ")
                    ),
                }),
            }
        }
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }

    /// Adds one file, as [`add_folder`](Self::add_folder) does; its family.
    ///
    /// # Errors
    /// Why it was refused.
    pub fn add_file(&mut self, path: &Path) -> Result<String, ProfileError> {
        let text = read(path).map_err(|problem| unreadable(path, &problem))?;
        let profile = parse(&path.display().to_string(), &text)?;
        let family = profile.family.clone();
        if let Some(name) = profile.include.iter().find(|name| self.get(name).is_none() && **name != family) {
            return Err(unreadable(path, &format!("there is no family {name:?} to include")));
        }
        self.profiles.insert(family.clone(), profile);
        Ok(family)
    }

    /// The profile of a family.
    pub fn get(&self, family: &str) -> Option<&Profile> {
        self.profiles.get(family)
    }

    /// All profiles in the order of their families.
    pub fn iter(&self) -> impl Iterator<Item = &Profile> {
        self.profiles.values()
    }

    /// A profile and, behind it, those that it includes.
    pub fn with_included<'a>(&'a self, profile: &'a Profile) -> Vec<&'a Profile> {
        std::iter::once(profile).chain(profile.include.iter().filter_map(|name| self.get(name))).collect()
    }
}

/// Reads one profile; `file` is only for the error.
pub(super) fn parse(file: &str, text: &str) -> Result<Profile, ProfileError> {
    let error = |at: usize, problem: String| ProfileError {
        file: file.to_owned(),
        line: 1 + text.bytes().take(at).filter(|byte| *byte == b'\n').count(),
        problem,
    };
    let profile: Profile = toml::from_str(text).map_err(|refused| {
        error(refused.span().map_or(0, |span| span.start), refused.message().to_owned())
    })?;
    check(&profile).map_err(|(at, problem)| error(at, problem))?;
    Ok(profile)
}

/// A profile is a page or two: what is larger is something else.
const MOST_BYTES: u64 = 1 << 20;
const MOST_FILES: usize = 1_000;

fn files(folder: &Path, errors: &mut Vec<ProfileError>) -> Vec<(String, String)> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) => {
            errors.push(unreadable(folder, &format!("the folder cannot be read: {error}")));
            return Vec::new();
        }
    };
    let mut paths: Vec<_> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
    paths.sort();
    paths.truncate(MOST_FILES);
    let mut texts = Vec::new();
    for path in paths {
        match read(&path) {
            Ok(text) => texts.push((path.display().to_string(), text)),
            Err(problem) => errors.push(unreadable(&path, &problem)),
        }
    }
    texts
}

fn read(path: &Path) -> Result<String, String> {
    let size = fs::metadata(path).map_err(|error| format!("the file cannot be read: {error}"))?.len();
    if size > MOST_BYTES {
        return Err(format!("a profile has at most {MOST_BYTES} bytes, this file has {size}"));
    }
    fs::read_to_string(path).map_err(|error| format!("the file cannot be read as UTF-8 text: {error}"))
}

fn unreadable(path: &Path, problem: &str) -> ProfileError {
    ProfileError { file: path.display().to_string(), line: 0, problem: problem.to_owned() }
}
