"""A headless Chromium or Chrome for the checks of pages, driven through its debugging pipe."""

import base64
import json
import os
import shutil
import subprocess
import sys
import time


class Browser:
    """Chromium, asked in the words of its DevTools protocol."""

    def __init__(self, folder, address):
        """Starts one with a profile in a folder; pages at other addresses are an error."""
        self.address = address
        for name in ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]:
            if path := shutil.which(name):
                break
        else:
            sys.exit("browser: there is no Chromium; install the package chromium")
        to_browser, self.write = os.pipe()
        self.read, from_browser = os.pipe()
        command = [path, "--headless", "--disable-gpu", "--no-first-run", "--hide-scrollbars",
                   f"--user-data-dir={folder}/profile", "--remote-debugging-pipe"]
        if os.geteuid() == 0:
            command.insert(1, "--no-sandbox")

        def place():
            # The browser reads from 3 and writes to 4. First out of the way, then there.
            a, b = os.dup(to_browser), os.dup(from_browser)
            while a <= 4:
                a = os.dup(a)
            while b <= 4:
                b = os.dup(b)
            os.dup2(a, 3)
            os.dup2(b, 4)

        self.process = subprocess.Popen(command, preexec_fn=place, close_fds=False,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(to_browser)
        os.close(from_browser)
        self.buffer = b""
        self.number = 0
        self.session = None
        self.errors = []
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ["Page", "Runtime", "Log", "Network"]:
            self.ask(domain + ".enable")

    def message(self):
        while b"\0" not in self.buffer:
            data = os.read(self.read, 1 << 20)
            if not data:
                sys.exit("browser: it went away")
            self.buffer += data
        text, self.buffer = self.buffer.split(b"\0", 1)
        message = json.loads(text)
        method, params = message.get("method"), message.get("params", {})
        if method == "Runtime.exceptionThrown":
            self.errors.append(json.dumps(params["exceptionDetails"])[:400])
        elif method == "Runtime.consoleAPICalled" and params["type"] in ("error", "warning"):
            self.errors.append(json.dumps(params["args"])[:400])
        elif method == "Log.entryAdded" and params["entry"]["level"] in ("error", "warning"):
            self.errors.append(params["entry"]["text"] + " " + params["entry"].get("url", ""))
        elif method == "Network.requestWillBeSent":
            url = params["request"]["url"]
            if not url.startswith((self.address, "about:", "data:")):
                self.errors.append("the page asks for " + url)
        return message

    def ask(self, method, **params):
        self.number += 1
        number = self.number
        request = {"id": number, "method": method, "params": params}
        if self.session:
            request["sessionId"] = self.session
        os.write(self.write, json.dumps(request).encode() + b"\0")
        while True:
            message = self.message()
            if message.get("id") == number:
                if "error" in message:
                    sys.exit(f"browser: {method}: {message['error']}")
                return message["result"]

    def value(self, script):
        answer = self.ask("Runtime.evaluate", expression=script, awaitPromise=True,
                          returnByValue=True)
        if "exceptionDetails" in answer:
            sys.exit(f"browser: {script}: {json.dumps(answer['exceptionDetails'])[:600]}")
        return answer["result"].get("value")

    def wait(self, script, what, seconds=60):
        end = time.monotonic() + seconds
        while not (value := self.value(script)):
            if time.monotonic() > end:
                sys.exit(f"browser: after {seconds} s still not: {what}; "
                         + str(self.value("document.body.innerText")[:400]))
            time.sleep(0.1)
        return value

    def screen(self, width, height, dark):
        self.ask("Emulation.setDeviceMetricsOverride", width=width, height=height,
                 deviceScaleFactor=1, mobile=width < 600)
        self.ask("Emulation.setEmulatedMedia", features=[
            {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])

    def picture(self, path):
        data = self.ask("Page.captureScreenshot", captureBeyondViewport=True, format="png",
                        clip=self.whole())["data"]
        with open(path, "wb") as file:
            file.write(base64.b64decode(data))

    def whole(self):
        size = self.ask("Page.getLayoutMetrics")["cssContentSize"]
        return {"x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1}
