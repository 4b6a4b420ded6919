/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dsn;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import org.apache.commons.io.IOUtils;

/** A DSN as Python's {@code email} package reads it: a second parser that is not ours. */
public final class PythonEmail {
    private static final String SCRIPT =
            """
            import sys, json, email, html.parser
            from email import policy

            message = email.message_from_bytes(sys.stdin.buffer.read(), policy=policy.default)

            def defects(part):
                return [repr(d) for d in part.defects] + [repr(d) for v in part.values() for d in v.defects]

            def describe(part):
                shown = {'type': part.get_content_type(), 'defects': defects(part)}
                if part.get_content_type() == 'message/delivery-status':
                    shown['groups'] = [{k: ' '.join(str(v).split()) for k, v in g.items()} for g in part.get_payload()]
                    for group in part.get_payload():
                        shown['defects'] += defects(group)
                elif part.get_content_type() == 'multipart/alternative':
                    shown['alternatives'] = [describe(p) for p in part.iter_parts()]
                elif part.get_content_type() == 'message/rfc822':
                    shown['subject'] = str(part.get_payload(0)['Subject'])
                else:
                    shown['text'] = part.get_content()
                    if part.get_content_type() == 'text/html':
                        shown['tags'] = tags(shown['text'])
                return shown

            class Tags(html.parser.HTMLParser):
                def __init__(self):
                    super().__init__()
                    self.tags = []
                def handle_starttag(self, tag, attributes):
                    self.tags.append([tag] + [name for name, value in attributes])

            def tags(text):
                parser = Tags()
                parser.feed(text)
                parser.close()
                return parser.tags

            def addresses(name):
                return [[a.display_name, a.addr_spec] for a in message[name].addresses] if message[name] else []

            print(json.dumps({
                'type': message.get_content_type(),
                'reportType': message['Content-Type'].params.get('report-type'),
                'from': addresses('From'),
                'replyTo': addresses('Reply-To'),
                'header': {k: str(v) for k, v in message.items()},
                'date': message['Date'].datetime.isoformat(),
                'defects': defects(message),
                'parts': [describe(part) for part in message.iter_parts()]}))
            """;

    private PythonEmail() {}

    public static JsonNode parse(byte[] message) throws IOException, InterruptedException {
        assumeTrue(isInstalled(), "python3 is not installed");
        Process python = new ProcessBuilder("python3", "-c", SCRIPT)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (OutputStream in = python.getOutputStream()) {
            in.write(message);
        }
        byte[] answer = IOUtils.toByteArray(python.getInputStream());
        if (python.waitFor() != 0) {
            throw new AssertionError("python3 could not read the DSN");
        }
        return new ObjectMapper().readTree(answer);
    }

    private static boolean isInstalled() throws InterruptedException {
        try {
            return new ProcessBuilder("python3", "--version").start().waitFor() == 0;
        } catch (IOException absent) {
            return false;
        }
    }
}
