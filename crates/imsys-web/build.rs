//! Puts the dashboard, or a page that says how to build it, into `OUT_DIR/dist`.
//! What `IMSYS_WEB` means stands in `src/lib.rs`.

use std::env;
use std::path::{Path, PathBuf};

#[path = "build/files.rs"]
mod files;
#[path = "build/npm.rs"]
mod npm;

/// Everything of `web/` that the build reads. Never `dist` or `node_modules`.
const INPUTS: [&str; 7] =
    ["index.html", "package.json", "package-lock.json", "public", "src", "tsconfig.json", "vite.config.ts"];

enum Wish {
    Placeholder(&'static str),
    Build { required: bool },
    Folder(PathBuf),
}

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=build");
    println!("cargo::rerun-if-changed=placeholder.html");
    println!("cargo::rerun-if-env-changed=IMSYS_WEB");
    let out = folder("OUT_DIR");
    let dist = out.join("dist");
    let outcome = match wish() {
        Wish::Placeholder(reason) => placeholder(&dist, reason).map(|()| false),
        Wish::Folder(from) => embed(&from, &dist).map(|()| true),
        Wish::Build { required } => match build(&out, &dist) {
            Err(reason) if !required => {
                println!("cargo::warning=the dashboard is not in this build: {reason}");
                placeholder(&dist, &reason).map(|()| false)
            }
            outcome => outcome.map(|()| true),
        },
    };
    match outcome {
        Ok(true) => println!("cargo::rustc-env=IMSYS_WEB_BUILT=yes"),
        Ok(false) => {}
        Err(reason) => println!("cargo::error=the dashboard could not be built: {reason}"),
    }
}

fn wish() -> Wish {
    let release = env::var("PROFILE").is_ok_and(|profile| profile == "release");
    match env::var("IMSYS_WEB").unwrap_or_default().as_str() {
        "" | "auto" if release => Wish::Build { required: false },
        "" | "auto" => Wish::Placeholder("only a release build makes it by itself"),
        "skip" => Wish::Placeholder("IMSYS_WEB=skip"),
        "require" => Wish::Build { required: true },
        path => Wish::Folder(path.into()),
    }
}

fn placeholder(dist: &Path, reason: &str) -> Result<(), String> {
    let page = folder("CARGO_MANIFEST_DIR").join("placeholder.html");
    let reason = reason.replace('&', "&amp;").replace('<', "&lt;");
    files::fresh(dist)?;
    files::write(&dist.join("index.html"), &files::read(&page)?.replace("@REASON@", &reason))
}

fn embed(from: &Path, dist: &Path) -> Result<(), String> {
    println!("cargo::rerun-if-changed={}", from.display());
    if !from.is_absolute() || !from.join("index.html").is_file() {
        return Err(format!(
            "IMSYS_WEB={} is no absolute path of a folder with an index.html",
            from.display()
        ));
    }
    files::fresh(dist)?;
    files::copy(from, dist)
}

fn build(out: &Path, dist: &Path) -> Result<(), String> {
    let web = folder("CARGO_MANIFEST_DIR").join("../../web");
    let work = out.join("web");
    for input in INPUTS {
        println!("cargo::rerun-if-changed={}", web.join(input).display());
        files::remove(&work.join(input))?;
        files::copy(&web.join(input), &work.join(input))?;
    }
    npm::check_node()?;
    npm::install(&work)?;
    files::fresh(dist)?;
    npm::build(&work, dist)
}

fn folder(variable: &str) -> PathBuf {
    env::var_os(variable).expect("cargo sets its folders for build scripts").into()
}
