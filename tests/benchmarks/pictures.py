"""Takes the pictures of README and manual: python3 -m tests.benchmarks.pictures

Builds the sample, opens its page in Chromium as a phone does, runs `briefing script`, and opens the
desk; writes docs/pictures/page.webp, script.webp and desk*.webp. Needs Chromium and the extra `test`.
"""

from __future__ import annotations

import base64
import html
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.benchmarks import desk_pictures
from tests.browser.conftest import FLAGS, PROGRAMS
from tests.publish.serving import served

ROOT = Path(__file__).parents[2]
TARGET = ROOT / "docs" / "pictures"
DAY = "2026-11-24"
PHONE = {"width": 390, "height": 780}
MOMENT_S = 34
"""In the second paragraph, so that the picture shows a sentence that is being read."""
LINES = 10
"""Of what `briefing script` prints."""
QUALITY = 0.75
TERMINAL = """<!doctype html><meta charset="utf-8"><style>
body { margin: 0; background: #1d1f21; color: #e6e6e6; width: 760px; padding: 18px 22px;
  font: 15px/1.65 "DejaVu Sans Mono", "Noto Naskh Arabic", monospace }
p { margin: 0; white-space: pre-wrap; unicode-bidi: plaintext; min-height: 1.65em }
p[lang=ar] { font: 19px/1.8 "Noto Naskh Arabic", serif }
.prompt { color: #8fbf7f } .unsure { color: #e0b060 } .sound { color: #9db4c8 }
</style>"""


def command(folder: Path, *arguments: str) -> str:
    """Run a command of the program in a folder; return what it prints."""
    done = subprocess.run(
        [sys.executable, "-m", "briefing", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    return done.stdout


def terminal(line: str, output: str) -> str:
    """Return what a terminal shows of a command, as HTML."""
    rows = [f'<p class="prompt">$ {html.escape(line)}</p>']
    for row in output.splitlines()[:LINES]:
        text = html.escape(row)
        if row.strip().startswith("/"):
            rows.append(f'<p class="sound">{text}</p>')
        elif row.strip().startswith("unsure:"):
            rows.append(f'<p class="unsure">{text}</p>')
        else:
            rows.append(f'<p lang="ar">{text}</p>')
    return TERMINAL + "\n".join(rows)


def as_webp(page: Page, picture: bytes) -> bytes:
    """Return a PNG as WebP, by the browser's own encoder."""
    url = "data:image/png;base64," + base64.b64encode(picture).decode()
    data: str = page.evaluate(
        """async ([url, quality]) => {
            const picture = new Image();
            picture.src = url;
            await picture.decode();
            const canvas = document.createElement('canvas');
            canvas.width = picture.naturalWidth;
            canvas.height = picture.naturalHeight;
            canvas.getContext('2d').drawImage(picture, 0, 0);
            return canvas.toDataURL('image/webp', quality);
        }""",
        [url, QUALITY],
    )
    return base64.b64decode(data.partition(",")[2])


def main() -> None:
    """Take the pictures."""
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    TARGET.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary, sync_playwright() as driver:
        folder = Path(temporary)
        shutil.copytree(ROOT / "seeds", folder / "seeds")
        (folder / "seeds" / next((ROOT / "seeds").glob("*.txt")).name).rename(
            folder / "seeds" / "article.txt"
        )
        command(folder, "build", "--date", DAY)
        script = "script seeds/article.txt"
        output = command(folder, *script.split())
        browser = driver.chromium.launch(executable_path=program, args=FLAGS)
        blank = browser.new_page()
        with served(folder / "audio") as address:
            phone = browser.new_context(
                viewport=PHONE, device_scale_factor=2, locale="ar", is_mobile=True, has_touch=True
            ).new_page()
            phone.goto(f"{address}#t={MOMENT_S}")
            phone.locator("briefing-player .bar").wait_for()
            phone.keyboard.press("Space")
            phone.locator(".s.now").wait_for()
            picture = phone.screenshot()
            phone.close()
        (TARGET / "page.webp").write_bytes(as_webp(blank, picture))
        wide = browser.new_context(device_scale_factor=1.25).new_page()
        wide.set_content(terminal(f"briefing {script}", output))
        picture = wide.locator("body").screenshot()
        (TARGET / "script.webp").write_bytes(as_webp(blank, picture))
        for name, picture in desk_pictures.pictures(browser, folder):
            (TARGET / f"{name}.webp").write_bytes(as_webp(blank, picture))
        browser.close()
    for file in sorted(TARGET.glob("*.webp")):
        print(f"{file.relative_to(ROOT)}: {file.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
