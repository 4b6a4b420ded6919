/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.sevenbit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What Python's {@code email} package reads in the converted message is what it reads in the original. */
class PythonReaderTest {

    private static final String SCRIPT =
            """
            import sys, json, base64, email
            from email import policy

            def describe(part):
                headers = [str(v) for k, v in part.items() if k.lower() in ('subject', 'from', 'to', 'x-text')]
                name = part.get_filename()
                if part.get_content_type() == 'message/rfc822' or part.get_content_maintype() == 'multipart':
                    body = [describe(p) for p in part.get_payload()]
                else:
                    body = part.get_payload(decode=True).hex()
                return [part.get_content_type(), headers, name, body]

            for line in sys.stdin:
                message = email.message_from_bytes(base64.b64decode(line), policy=policy.SMTP)
                print(json.dumps(describe(message)))
            """;

    private static final List<String> SAMPLES = List.of(
            """
            From: "Müller, Jörg" <j@x.test>
            To: Ünal Öz <u@x.test>, plain@x.test
            Subject: Grüße aus Köln, mit vielen Wörtern, die über eine Zeile hinaus gehen müssen
            MIME-Version: 1.0
            Content-Type: multipart/mixed; boundary="=_b"
            Content-Transfer-Encoding: 8bit

            --=_b
            Content-Type: text/plain; charset=utf-8
            Content-Transfer-Encoding: 8bit

            Größe: viel Text, und hier und da ein Wörtchen.\s
            .
            From hier
            --=_b
            Content-Type: application/octet-stream; name="Größe.bin"
            Content-Disposition: attachment; filename="Eine ziemlich lange Größe, die in mehrere Stücke zerlegt wird.bin"
            Content-Transfer-Encoding: binary

            \u0001äöü\tß
            --=_b
            Content-Type: message/rfc822
            Content-Transfer-Encoding: 8bit

            Subject: innen ü
            MIME-Version: 1.0
            Content-Type: text/html; charset=utf-8

            <p>ein ü unter vielen Buchstaben</p>
            --=_b--
            """,
            "Subject: ü\nX-Text: Съешь ещё этих мягких французских булок\nMIME-Version: 1.0\n"
                    + "Content-Type: text/plain; charset=utf-8\n\nСъешь ещё этих\n",
            """
            Subject: digest
            MIME-Version: 1.0
            Content-Type: multipart/digest; boundary=d

            --d

            Subject: eins ö
            MIME-Version: 1.0
            Content-Type: text/plain; charset=utf-8

            und noch ein Text mit einem ö darin
            --d

            Subject: two

            plain
            --d--
            """);

    @Test
    void pythonReadsTheSame() throws Exception {
        List<byte[]> messages = new ArrayList<>();
        for (String sample : SAMPLES) {
            byte[] original = Messages.utf8(sample);
            messages.add(original);
            messages.add(Messages.convert(original));
        }
        List<JsonNode> read = read(messages);
        for (int i = 0; i < read.size(); i += 2) {
            assertThat(read.get(i + 1)).isEqualTo(read.get(i));
        }
        assertThat(read.get(1).toString())
                .contains("Eine ziemlich lange Gr\u00f6\u00dfe", "M\u00fcller", "innen \u00fc");
    }

    private static List<JsonNode> read(List<byte[]> messages) throws IOException, InterruptedException {
        assumeTrue(isInstalled(), "python3 is not installed");
        Process python = new ProcessBuilder("python3", "-c", SCRIPT)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (OutputStream in = python.getOutputStream()) {
            for (byte[] message : messages) {
                in.write(Base64.getEncoder().encode(message));
                in.write('\n');
            }
        }
        List<JsonNode> read = new ArrayList<>();
        for (String line :
                Messages.text(python.getInputStream().readAllBytes()).lines().toList()) {
            read.add(new ObjectMapper().readTree(line));
        }
        assertThat(python.waitFor()).isZero();
        assertThat(read).hasSameSizeAs(messages);
        return read;
    }

    private static boolean isInstalled() throws InterruptedException {
        try {
            return new ProcessBuilder("python3", "--version").start().waitFor() == 0;
        } catch (IOException absent) {
            return false;
        }
    }
}
