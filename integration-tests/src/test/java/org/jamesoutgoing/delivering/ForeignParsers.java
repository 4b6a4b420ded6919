/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.delivering;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.james.mime4j.MimeException;
import org.apache.james.mime4j.stream.EntityState;
import org.apache.james.mime4j.stream.MimeConfig;
import org.apache.james.mime4j.stream.MimeTokenStream;
import org.apache.james.mime4j.stream.RecursionMode;

/** How parsers that are not ours read a DSN. */
final class ForeignParsers {

    private static final Pattern EMPTY_LINE = Pattern.compile("\r\n\r\n");

    /**
     * @param problems what breaks a rule of the standards; only Python has the table of them
     * @param parts the types of the report's parts
     * @param groups the fields of its delivery status, names in lower case, values on one line: of the mail, then of each
     *     recipient
     */
    record Reading(List<String> problems, List<String> parts, List<Map<String, String>> groups) {}

    private ForeignParsers() {}

    /** Python's {@code email} package, and {@code dsn_rules.py} with its table of the standards' rules; one for each DSN. */
    static List<Reading> python(Path directory, List<byte[]> dsns) throws Exception {
        List<String> command = new ArrayList<>(List.of("python3", "-"));
        for (byte[] dsn : dsns) {
            Path file = Files.createTempFile(directory, "dsn-", ".eml");
            command.add(Files.write(file, dsn).toString());
        }
        Path result = directory.resolve("readings.json");
        Process python = new ProcessBuilder(command)
                .redirectOutput(result.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (InputStream script = ForeignParsers.class.getResourceAsStream("dsn_rules.py")) {
            script.transferTo(python.getOutputStream());
            python.getOutputStream().close();
        }
        if (python.waitFor() != 0) {
            throw new IOException("python3 gave up");
        }
        return List.of(new ObjectMapper().readValue(result.toFile(), Reading[].class));
    }

    /**
     * mime4j, strictly.
     *
     * @throws MimeException when it is no valid MIME message
     */
    static Reading mime4j(byte[] dsn) throws IOException, MimeException {
        MimeTokenStream stream = stream(dsn);
        List<String> parts = new ArrayList<>();
        List<Map<String, String>> groups = new ArrayList<>();
        int depth = 0;
        for (EntityState state = stream.getState(); state != EntityState.T_END_OF_STREAM; state = stream.next()) {
            if (state == EntityState.T_START_MULTIPART && depth++ == 1) {
                parts.add(stream.getBodyDescriptor().getMimeType());
            } else if (state == EntityState.T_END_MULTIPART) {
                depth--;
            } else if (state == EntityState.T_BODY && depth == 1) {
                parts.add(stream.getBodyDescriptor().getMimeType());
                byte[] body = stream.getDecodedInputStream().readAllBytes();
                if (parts.size() == 2) {
                    groups.addAll(groups(new String(body, StandardCharsets.US_ASCII)));
                }
            }
        }
        return new Reading(List.of(), parts, groups);
    }

    private static List<Map<String, String>> groups(String status) throws IOException, MimeException {
        List<Map<String, String>> groups = new ArrayList<>();
        for (String group :
                Arrays.stream(EMPTY_LINE.split(status)).map(String::strip).toList()) {
            if (!group.isEmpty()) {
                groups.add(fields(group + "\r\n\r\n"));
            }
        }
        return groups;
    }

    private static Map<String, String> fields(String group) throws IOException, MimeException {
        Map<String, String> fields = new LinkedHashMap<>();
        MimeTokenStream stream = stream(group.getBytes(StandardCharsets.US_ASCII));
        for (EntityState state = stream.getState(); state != EntityState.T_END_HEADER; state = stream.next()) {
            if (state == EntityState.T_FIELD) {
                fields.put(
                        stream.getField().getName().toLowerCase(Locale.ROOT),
                        stream.getField().getBody().strip().replaceAll("\\s+", " "));
            }
        }
        return fields;
    }

    private static MimeTokenStream stream(byte[] octets) {
        MimeTokenStream stream = new MimeTokenStream(new MimeConfig.Builder()
                .setStrictParsing(true)
                .setMaxLineLen(1000)
                .build());
        stream.setRecursionMode(RecursionMode.M_NO_RECURSE);
        stream.parse(new ByteArrayInputStream(octets));
        return stream;
    }
}
