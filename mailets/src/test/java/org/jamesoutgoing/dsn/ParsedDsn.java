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

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.mail.internet.MimeMessage;
import org.apache.james.mime4j.MimeException;
import org.apache.james.mime4j.stream.EntityState;
import org.apache.james.mime4j.stream.MimeConfig;
import org.apache.james.mime4j.stream.MimeTokenStream;
import org.apache.james.mime4j.stream.RecursionMode;

/**
 * A DSN as mime4j reads it, strictly, with the rules of RFC 5322, 2045, 6522 and 3464 for our fields checked.
 *
 * @param alternatives the words as text, and as HTML if it is there; without HTML the text is the first part itself
 */
public record ParsedDsn(
        List<FieldView> header, List<PartView> parts, List<PartView> alternatives, List<List<FieldView>> groups) {
    public record FieldView(String name, String value) {}

    /** @param raw in its transfer encoding; {@code body} without it */
    public record PartView(List<FieldView> header, byte[] raw, byte[] body) {
        public String type() {
            return get(header, "Content-Type").orElseThrow();
        }

        public String encoding() {
            return get(header, "Content-Transfer-Encoding").orElseThrow();
        }

        public String text() {
            return new String(body, UTF_8);
        }
    }

    public static ParsedDsn valid(MimeMessage message) {
        return valid(Samples.octets(message));
    }

    public static ParsedDsn valid(byte[] octets) {
        return valid(octets, Rule.MESSAGE_HEADER, Rule.PER_MESSAGE, Rule.PER_RECIPIENT);
    }

    /** One about several mails. */
    public static ParsedDsn validMerged(byte[] octets) {
        ParsedDsn dsn = valid(octets, Rule.MERGED_HEADER, Rule.MERGED_PER_MESSAGE, Rule.MERGED_PER_RECIPIENT);
        assertThat(dsn.returned()).isEmpty();
        return dsn;
    }

    private static ParsedDsn valid(byte[] octets, List<Rule> header, List<Rule> perMessage, List<Rule> perRecipient) {
        linesAreCleanAndBounded(octets);
        ParsedDsn dsn = parse(octets);
        Rule.hold(header, dsn.header);
        for (PartView part : dsn.parts) {
            Rule.hold(Rule.PART_HEADER, part.header);
            labelHolds(part.encoding(), part.raw);
        }
        labelHolds(get(dsn.header, "Content-Transfer-Encoding").orElseThrow(), octets);

        assertThat(dsn.parts).hasSizeBetween(2, 3);
        assertThat(dsn.parts.get(0).type()).matches("text/plain; charset=.*|multipart/alternative; boundary=.*");
        dsn.alternatives.forEach(part -> {
            Rule.hold(Rule.PART_HEADER, part.header);
            labelHolds(part.encoding(), part.raw);
        });
        assertThat(dsn.alternatives.stream().map(part -> part.type().replaceFirst(";.*", "")))
                .isIn(List.of("text/plain"), List.of("text/plain", "text/html"));
        assertThat(dsn.parts.get(1).type()).isEqualTo("message/delivery-status");
        assertThat(dsn.parts.get(1).encoding()).isEqualTo("7bit");
        dsn.returned().ifPresent(part -> assertThat(part.type()).isIn("message/rfc822", "text/rfc822-headers"));

        assertThat(dsn.groups).hasSizeGreaterThanOrEqualTo(2);
        Rule.hold(perMessage, dsn.groups.get(0));
        dsn.groups.stream().skip(1).forEach(group -> Rule.hold(perRecipient, group));
        return dsn;
    }

    public String header(String name) {
        return get(header, name).orElseThrow();
    }

    public Optional<String> headerIfAny(String name) {
        return get(header, name);
    }

    public String text() {
        return alternatives.get(0).text().replace("\r\n", "\n");
    }

    public Optional<String> html() {
        return alternatives.stream().skip(1).findFirst().map(part -> part.text().replace("\r\n", "\n"));
    }

    public Optional<PartView> returned() {
        return parts.size() > 2 ? Optional.of(parts.get(2)) : Optional.empty();
    }

    public Optional<String> perMessage(String name) {
        return get(groups.get(0), name);
    }

    public Optional<String> perRecipient(int recipient, String name) {
        return get(groups.get(recipient + 1), name);
    }

    private static Optional<String> get(List<FieldView> fields, String name) {
        return fields.stream()
                .filter(field -> field.name().equalsIgnoreCase(name))
                .map(FieldView::value)
                .findFirst();
    }

    /** RFC 5322 §2.3 and §2.1.1, RFC 2045 §2.7. */
    private static void linesAreCleanAndBounded(byte[] octets) {
        String message = new String(octets, ISO_8859_1);
        assertThat(message).endsWith("\r\n").doesNotContain("\0");
        String[] lines = message.split("\r\n", -1);
        assertThat(lines).noneMatch(line -> line.contains("\r") || line.contains("\n"));
        assertThat(Arrays.stream(lines).mapToInt(String::length).max().orElse(0))
                .isLessThanOrEqualTo(998);
    }

    private static void labelHolds(String encoding, byte[] octets) {
        if (!encoding.equals("8bit")) {
            assertThat(new String(octets, ISO_8859_1).chars()).allMatch(c -> c < 128);
        }
    }

    private static ParsedDsn parse(byte[] octets) {
        // Part headers must hold the line limit; the octets of the parts are none of the parser's business.
        MimeTokenStream raw = stream(octets);
        MimeTokenStream decoded = stream(octets);
        List<FieldView> header = new ArrayList<>();
        List<FieldView> current = header;
        List<PartView> parts = new ArrayList<>();
        List<PartView> alternatives = new ArrayList<>();
        int depth = 0;
        try {
            while (raw.getState() != EntityState.T_END_OF_STREAM) {
                switch (raw.getState()) {
                    case T_START_BODYPART -> current = new ArrayList<>();
                    case T_FIELD -> current.add(new FieldView(
                            raw.getField().getName(), unfold(raw.getField().getBody())));
                    case T_START_MULTIPART -> {
                        if (depth++ > 0) {
                            parts.add(new PartView(current, new byte[0], new byte[0]));
                        }
                    }
                    case T_END_MULTIPART -> depth--;
                    case T_BODY -> (depth == 1 ? parts : alternatives)
                            .add(new PartView(
                                    current,
                                    raw.getInputStream().readAllBytes(),
                                    decoded.getDecodedInputStream().readAllBytes()));
                    default -> {}
                }
                raw.next();
                decoded.next();
            }
        } catch (IOException | MimeException e) {
            throw new AssertionError("mime4j: " + e, e);
        }
        return new ParsedDsn(
                header, parts, alternatives.isEmpty() ? parts.subList(0, 1) : alternatives, groups(parts.get(1)));
    }

    private static MimeTokenStream stream(byte[] octets) {
        MimeTokenStream stream = new MimeTokenStream(new MimeConfig.Builder()
                .setStrictParsing(true)
                .setMaxLineLen(1000)
                .setMaxHeaderLen(-1)
                .build());
        stream.setRecursionMode(RecursionMode.M_NO_RECURSE);
        stream.parse(new ByteArrayInputStream(octets));
        return stream;
    }

    private static List<List<FieldView>> groups(PartView status) {
        return Arrays.stream(unfold(status.text()).split("\r\n\r\n"))
                .map(group -> Arrays.stream(group.split("\r\n"))
                        .map(line -> line.split(": ", 2))
                        .map(field -> new FieldView(field[0], field[1]))
                        .toList())
                .toList();
    }

    private static String unfold(String value) {
        return value.replaceAll("\r\n(?=[ \t])", "").strip();
    }
}
