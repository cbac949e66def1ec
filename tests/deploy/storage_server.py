#!/usr/bin/env python3
"""A folder over HTTP as object storage has it: GET with ranges, and PUT of whole files, of which the
first fails as busy services do.

usage: storage_server.py FOLDER PORT_FILE    (its port is written there)
"""
import http.server
import os
import re
import sys

FOLDER = sys.argv[1]


class Handler(http.server.BaseHTTPRequestHandler):
    busy = True

    def path_of(self):
        return os.path.join(FOLDER, os.path.basename(self.path))

    def answer(self, status, body=b"", headers=()):
        self.send_response(status)
        for header in (("Content-Length", str(len(body))), ("Accept-Ranges", "bytes"), *headers):
            self.send_header(*header)
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        try:
            with open(self.path_of(), "rb") as file:
                body = file.read()
        except OSError:
            self.answer(404)
            return
        asked = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
        if not asked:
            self.answer(200, body)
            return
        first = int(asked[1])
        last = min(int(asked[2]) if asked[2] else len(body) - 1, len(body) - 1)
        self.answer(206, body[first:last + 1],
                    [("Content-Range", f"bytes {first}-{last}/{len(body)}")])

    def do_PUT(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if Handler.busy:
            Handler.busy = False
            self.answer(503)
            return
        with open(self.path_of(), "wb") as file:
            file.write(body)
        self.answer(200)

    def log_message(self, *_):
        pass


def main():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    with open(sys.argv[2], "w", encoding="utf-8") as port:
        port.write(str(server.server_port))
    server.serve_forever()


main()
