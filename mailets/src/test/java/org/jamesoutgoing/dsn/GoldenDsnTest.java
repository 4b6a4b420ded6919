/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dsn;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.jamesoutgoing.dsn.Samples.ATTEMPT;
import static org.jamesoutgoing.dsn.Samples.BOB;
import static org.jamesoutgoing.dsn.Samples.CAROL;
import static org.jamesoutgoing.dsn.Samples.GIVE_UP;
import static org.jamesoutgoing.dsn.Samples.MESSAGE;
import static org.jamesoutgoing.dsn.Samples.address;
import static org.jamesoutgoing.dsn.Samples.asking;
import static org.jamesoutgoing.dsn.Samples.composer;
import static org.jamesoutgoing.dsn.Samples.mail;
import static org.jamesoutgoing.dsn.Samples.octets;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.james.core.MailAddress;
import org.apache.mailet.DsnParameters;
import org.apache.mailet.DsnParameters.RecipientDsnParameters;
import org.apache.mailet.Mail;
import org.jamesoutgoing.dsn.template.DsnKind;
import org.jamesoutgoing.dsn.template.Language;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whole DSNs of each kind in each language, as they are to be read: {@code golden-dsns/failure.de.eml}.
 *
 * <p>After a wanted change, write them anew and look at the difference:
 * {@code mvn -pl mailets test -Dtest=GoldenDsnTest -Dgolden.write=src/test/resources}.
 */
class GoldenDsnTest {
    private static final String WRITE = "golden.write";

    static Stream<Arguments> kindsAndLanguages() {
        return Arrays.stream(DsnKind.values())
                .filter(kind -> kind == kind.template())
                .flatMap(kind -> Stream.of("en", "de", "fr").map(language -> Arguments.of(kind, language)));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("kindsAndLanguages")
    void aDsnReadsAsItShould(DsnKind kind, String language) throws Exception {
        byte[] dsn = octets(composer().compose(request(kind, language)));
        ParsedDsn.valid(dsn);
        String name = "golden-dsns/" + kind.word() + "." + language + ".eml";
        // With the line ends of a text file, the words in no encoding: this is for people to read.
        String readable = readable(dsn);

        String directory = System.getProperty(WRITE);
        if (directory != null) {
            Path file = Path.of(directory, "org/jamesoutgoing/dsn", name);
            Files.createDirectories(file.getParent());
            Files.writeString(file, readable);
        }
        assertThat(readable).isEqualTo(directory == null ? golden(name) : readable);
    }

    private static String readable(byte[] dsn) {
        ParsedDsn parsed = ParsedDsn.valid(dsn);
        String message = new String(dsn, ISO_8859_1).replace("\r\n", "\n");
        String words = new String(parsed.parts().get(0).raw(), ISO_8859_1).replace("\r\n", "\n");
        assertThat(message).contains(words);
        return message.replace(words, parsed.text());
    }

    private static String golden(String name) throws IOException {
        try (InputStream in = GoldenDsnTest.class.getResourceAsStream(name)) {
            assertThat(in).as(name).isNotNull();
            return new String(in.readAllBytes(), UTF_8).replace("\r\n", "\n");
        }
    }

    private static DsnRequest request(DsnKind kind, String language) {
        Mail original = asking(
                mail("Content-Language: " + language + "\r\n" + MESSAGE),
                DsnParameters.builder()
                        .addRcptParameter(BOB, RecipientDsnParameters.of(address("bob@lists.example.com"))));
        return new DsnRequest(
                kind,
                original,
                Samples.ARRIVAL,
                recipients(kind),
                "mx.example.org",
                address("postmaster@example.org"),
                List.<Language>of(),
                Optional.of(Duration.ofDays(5)));
    }

    private static List<RecipientReport> recipients(DsnKind kind) {
        return switch (kind) {
            case FAILURE -> List.of(
                    report(BOB, "5.1.1", Optional.of("550 5.1.1 No such user"), "No such user"),
                    report(CAROL, "5.2.2", Optional.of("552 5.2.2 Quota exceeded"), "Quota exceeded"),
                    report(
                            address("dave@example.info"),
                            "5.4.7",
                            Optional.empty(),
                            "not delivered within the queue lifetime; last: mail.example.info: connection timed out"));
            case DELAY -> List.of(
                    report(BOB, "4.7.1", Optional.of("451 4.7.1 Greylisted"), "Greylisted"),
                    report(CAROL, "4.4.1", Optional.empty(), "mail.example.net: connection refused"));
            case SUCCESS, DELIVERED, EXPANDED -> List.of(
                    report(BOB, "2.1.5", Optional.of("250 2.1.5 OK"), "250 2.1.5 OK"));
            case QUEUE_FULL -> List.of(report(BOB, "5.3.1", Optional.empty(), "the queue is full"));
        };
    }

    private static RecipientReport report(MailAddress recipient, String status, Optional<String> reply, String reason) {
        Optional<String> host = reply.map(any -> "mail.example.com[192.0.2.1]");
        return new RecipientReport(
                recipient, recipient.asString(), status, reply, host, reason, ATTEMPT, Optional.of(GIVE_UP), 9);
    }
}
