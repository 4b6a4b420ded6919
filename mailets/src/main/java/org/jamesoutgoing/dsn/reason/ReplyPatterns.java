/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dsn.reason;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** What replies say in words: {@code replies.txt} among our resources is the table, and the first line that fits decides. */
final class ReplyPatterns {
    private record ReplyPattern(Cause cause, Pattern pattern) {}

    /** Nobody writes the cause further back; and patterns take time. */
    private static final int READ = 600;

    private static final List<ReplyPattern> REPLIES = read("replies.txt");
    private static final List<ReplyPattern> TROUBLES = read("troubles.txt");

    private ReplyPatterns() {}

    static Optional<Cause> ofReply(String reply) {
        return first(REPLIES, reply);
    }

    /** Of a line of our log. */
    static Optional<Cause> ofTrouble(String detail) {
        return first(TROUBLES, detail);
    }

    private static Optional<Cause> first(List<ReplyPattern> patterns, String text) {
        String read = text.length() > READ ? text.substring(0, READ) : text;
        return patterns.stream()
                .filter(each -> each.pattern().matcher(read).find())
                .map(ReplyPattern::cause)
                .findFirst();
    }

    /** Read by our own class: to thread-context class loaders our JAR does not exist. */
    static String text(String resource) {
        try (InputStream in = ReplyPatterns.class.getResourceAsStream(resource)) {
            return new String(in.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(resource, e);
        }
    }

    private static List<ReplyPattern> read(String resource) {
        List<ReplyPattern> patterns = new ArrayList<>();
        Cause cause = Cause.OTHER;
        for (String line : text(resource).lines().toList()) {
            if (line.startsWith("[") && line.endsWith("]")) {
                String key = line.substring(1, line.length() - 1);
                cause = Cause.valueOf(key.toUpperCase(Locale.ROOT).replace('-', '_'));
            } else if (!line.isBlank() && !line.startsWith("#")) {
                patterns.add(new ReplyPattern(
                        cause, Pattern.compile(line, Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE)));
            }
        }
        return List.copyOf(patterns);
    }
}
