//! Chromium, spoken to in its DevTools protocol: messages of JSON, a zero byte after each.
//!
//! `--remote-debugging-pipe` reads them from file descriptor 3 and answers on 4, which a shell makes of its standard input and
//! output. A page is looked at by the protocol's own commands, so that it is looked at where scripts are off.

use std::{
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

use serde_json::{Value, json};

/// A browser with one page open, in which no script runs.
pub(crate) struct Browser {
    child: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
    session: Option<String>,
    sent: u64,
    /// What was asked of a network or a disk since the page was opened.
    pub(crate) requests: Vec<String>,
    /// Where the browser keeps its things.
    _profile: tempfile::TempDir,
}

/// Chromium by one of its names, or as `FALTUNG_CHROMIUM` says.
fn program() -> Option<PathBuf> {
    if let Some(path) = std::env::var_os("FALTUNG_CHROMIUM") {
        return Some(path.into());
    }
    let path = std::env::var_os("PATH")?;
    let names = ["chromium", "chromium-browser", "google-chrome", "chrome"];
    std::env::split_paths(&path)
        .flat_map(|folder| names.map(|name| folder.join(name)))
        .find(|candidate| candidate.is_file())
}

impl Browser {
    /// Starts it, if it is installed.
    pub(crate) fn start() -> Option<Browser> {
        let profile = tempfile::tempdir().unwrap();
        let mut child = Command::new("sh")
            .args(["-c", "exec 3<&0 4>&1; exec \"$@\" 0</dev/null 1>/dev/null", "sh"])
            .arg(program()?)
            .args(["--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run"])
            .args(["--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage"])
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .args(["--remote-debugging-pipe", "about:blank"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("a shell");
        let output = BufReader::new(child.stdout.take().unwrap());
        let input = child.stdin.take();
        let mut browser =
            Browser { child, input, output, session: None, sent: 0, requests: Vec::new(), _profile: profile };
        let target = browser.call("Target.createTarget", json!({"url": "about:blank"}));
        let attached = browser.call("Target.attachToTarget", json!({"targetId": target["targetId"], "flatten": true}));
        browser.session = attached["sessionId"].as_str().map(str::to_owned);
        for domain in ["Page", "DOM", "Network", "CSS"] {
            browser.call(&format!("{domain}.enable"), json!({}));
        }
        browser.call("Emulation.setScriptExecutionDisabled", json!({"value": true}));
        Some(browser)
    }

    /// Does what the protocol calls `method`.
    pub(crate) fn call(&mut self, method: &str, parameters: Value) -> Value {
        self.try_call(method, parameters).unwrap_or_else(|error| panic!("{method}: {error}"))
    }

    /// The same where it may be refused.
    pub(crate) fn try_call(&mut self, method: &str, parameters: Value) -> Result<Value, Value> {
        self.sent += 1;
        let mut message = json!({"id": self.sent, "method": method, "params": parameters});
        if let Some(session) = &self.session {
            message["sessionId"] = json!(session);
        }
        let input = self.input.as_mut().unwrap();
        input.write_all(format!("{message}\0").as_bytes()).unwrap();
        input.flush().unwrap();
        loop {
            let mut answer = self.next();
            if answer["id"] == json!(self.sent) {
                return match answer.get("error") {
                    Some(error) => Err(error.clone()),
                    None => Ok(answer["result"].take()),
                };
            }
        }
    }

    fn next(&mut self) -> Value {
        let mut bytes = Vec::new();
        self.output.read_until(0, &mut bytes).unwrap();
        assert_eq!(bytes.pop(), Some(0), "the browser has ended");
        let message: Value = serde_json::from_slice(&bytes).unwrap();
        if message["method"] == "Network.requestWillBeSent" {
            self.requests.push(message["params"]["request"]["url"].as_str().unwrap().to_owned());
        }
        message
    }

    /// Opens a file, and waits until it is there.
    pub(crate) fn open(&mut self, file: &Path) {
        self.requests.clear();
        self.call("Page.navigate", json!({"url": format!("file://{}", file.display())}));
        while self.next()["method"] != "Page.loadEventFired" {}
    }

    /// The first element that a selector of CSS finds.
    pub(crate) fn find(&mut self, selector: &str) -> Value {
        let document = self.call("DOM.getDocument", json!({"depth": 0}));
        let found = self.call("DOM.querySelector", json!({"nodeId": document["root"]["nodeId"], "selector": selector}));
        assert_ne!(found["nodeId"], 0, "there is no {selector}");
        found["nodeId"].clone()
    }

    /// Its corners `[left, top, right, bottom]` in the window, if it is shown at all.
    pub(crate) fn seen(&mut self, selector: &str) -> Option<[f64; 4]> {
        let node = self.find(selector);
        let model = self.try_call("DOM.getBoxModel", json!({"nodeId": node})).ok()?;
        let corner = |at: usize| model["model"]["border"][at].as_f64().unwrap();
        Some([corner(0), corner(1), corner(4), corner(5)])
    }

    /// The element as it is written.
    pub(crate) fn html(&mut self, selector: &str) -> String {
        let node = self.find(selector);
        self.call("DOM.getOuterHTML", json!({"nodeId": node}))["outerHTML"].as_str().unwrap().to_owned()
    }

    /// A property as the style sheets leave it.
    pub(crate) fn style(&mut self, selector: &str, property: &str) -> String {
        let node = self.find(selector);
        let styles = self.call("CSS.getComputedStyleForNode", json!({"nodeId": node}));
        let all = styles["computedStyle"].as_array().unwrap();
        let found = all.iter().find(|style| style["name"] == property).expect("a property");
        found["value"].as_str().unwrap().to_owned()
    }

    /// Clicks into the middle of an element.
    pub(crate) fn click(&mut self, selector: &str) {
        let node = self.find(selector);
        self.call("DOM.scrollIntoViewIfNeeded", json!({"nodeId": node}));
        let [left, top, right, bottom] = self.seen(selector).expect("an element that is seen");
        for kind in ["mousePressed", "mouseReleased"] {
            let (x, y) = ((left + right) / 2.0, (top + bottom) / 2.0);
            let event = json!({"type": kind, "x": x, "y": y, "button": "left", "clickCount": 1});
            self.call("Input.dispatchMouseEvent", event);
        }
    }

    /// Presses a key, such as `ArrowRight` of code 39.
    pub(crate) fn press(&mut self, key: &str, code: u32) {
        for kind in ["keyDown", "keyUp"] {
            let event = json!({"type": kind, "key": key, "code": key, "windowsVirtualKeyCode": code});
            self.call("Input.dispatchKeyEvent", event);
        }
    }

    /// The window's size, the medium, and the scheme that the reader prefers.
    pub(crate) fn look(&mut self, [width, height]: [u32; 2], medium: &str, scheme: &str) {
        let size = json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false});
        self.call("Emulation.setDeviceMetricsOverride", size);
        let features = json!([{"name": "prefers-color-scheme", "value": scheme}]);
        self.call("Emulation.setEmulatedMedia", json!({"media": medium, "features": features}));
    }

    /// How wide and how high the page is.
    pub(crate) fn extent(&mut self) -> [f64; 2] {
        let metrics = self.call("Page.getLayoutMetrics", json!({}));
        ["width", "height"].map(|side| metrics["cssContentSize"][side].as_f64().unwrap())
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // It ends when nobody speaks to it any more.
        self.input = None;
        let _ = self.child.wait();
    }
}
