"""A small client of Chromium's DevTools protocol: no package, no network, only a pipe."""

import base64
import json
import os
import shutil
import signal
import subprocess
import tempfile
import time


def find():
    """Returns the path of a Chromium, or None."""
    for name in ("chromium", "chromium-browser", "google-chrome", "chrome"):
        path = shutil.which(name)
        if path:
            return path
    return None


class Browser:
    """One Chromium without a window. Its pages are Page."""

    def __init__(self, path):
        self.profile = tempfile.mkdtemp(prefix="assay-chromium-")
        down_read, self.write = os.pipe()
        self.read, up_write = os.pipe()

        def move():
            # The browser reads descriptor 3 and writes descriptor 4. The two may lie there already.
            a, b = os.dup(down_read), os.dup(up_write)
            os.dup2(a, 3)
            os.dup2(b, 4)

        flags = ["--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run",
                 "--disable-background-networking", "--disable-component-update", "--mute-audio",
                 "--disable-dev-shm-usage", "--enable-precise-memory-info", "--remote-debugging-pipe",
                 "--js-flags=--expose-gc", "--user-data-dir=" + self.profile, "about:blank"]
        self.process = subprocess.Popen([path] + flags, preexec_fn=move, close_fds=False, start_new_session=True,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(down_read)
        os.close(up_write)
        self.buffer, self.number = b"", 0

    def call(self, method, session=None, **params):
        self.number += 1
        message = {"id": self.number, "method": method, "params": params}
        if session:
            message["sessionId"] = session
        os.write(self.write, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._next()
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                return answer["result"]

    def _next(self):
        while b"\0" not in self.buffer:
            part = os.read(self.read, 1 << 20)
            if not part:
                raise RuntimeError("Chromium has ended")
            self.buffer += part
        line, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(line)

    def page(self, width=1280, height=900, dark=False, context=None, mobile=False):
        target = self.call("Target.createTarget", url="about:blank", **({"browserContextId": context} if context else {}))
        session = self.call("Target.attachToTarget", targetId=target["targetId"], flatten=True)["sessionId"]
        page = Page(self, session)
        page.call("Page.enable")
        page.size(width, height, mobile)
        page.dark(dark)
        return page

    def close(self):
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()
        os.close(self.write)
        os.close(self.read)
        shutil.rmtree(self.profile, ignore_errors=True)


class Page:
    def __init__(self, browser, session):
        self.browser, self.session = browser, session

    def call(self, method, **params):
        return self.browser.call(method, self.session, **params)

    def size(self, width, height, mobile=False):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=mobile)

    def dark(self, on):
        self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "dark" if on else "light"}])

    def open(self, url):
        self.call("Page.navigate", url=url)

    def run(self, script):
        """Returns what an expression is, awaited."""
        answer = self.call("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(answer["exceptionDetails"]["exception"].get("description", answer["exceptionDetails"]))
        return answer["result"].get("value")

    def until(self, script, seconds=20):
        """Waits until an expression is true."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                if self.run("!!(" + script + ")"):
                    return
            except RuntimeError:
                pass  # the page is being loaded
            time.sleep(0.1)
        raise TimeoutError(f"not true within {seconds} s: {script}; the page says: {self.said()}")

    def said(self):
        return self.run("location.href + ' ' + (document.body?.innerText ?? '').slice(0, 600)")

    def shot(self, file, whole=True):
        picture = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=whole,
                            **({"clip": self._clip()} if whole else {}))
        with open(file, "wb") as f:
            f.write(base64.b64decode(picture["data"]))

    def _clip(self):
        size = self.call("Page.getLayoutMetrics")["cssContentSize"]
        return {"x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1}
