/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dsn.words;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** What replies say in words: {@code replies.txt} among our resources is the table, and the first line that fits decides. */
final class Wordings {
    private record Wording(Cause cause, Pattern pattern) {}

    /** Nobody writes the cause further back; and patterns take time. */
    private static final int READ = 600;

    private static final List<Wording> REPLIES = read("replies.txt");
    private static final List<Wording> TROUBLES = read("troubles.txt");

    private Wordings() {}

    static Optional<Cause> ofReply(String reply) {
        return first(REPLIES, reply);
    }

    /** Of a line of our log. */
    static Optional<Cause> ofTrouble(String detail) {
        return first(TROUBLES, detail);
    }

    private static Optional<Cause> first(List<Wording> wordings, String text) {
        String read = text.length() > READ ? text.substring(0, READ) : text;
        return wordings.stream()
                .filter(wording -> wording.pattern().matcher(read).find())
                .map(Wording::cause)
                .findFirst();
    }

    private static List<Wording> read(String resource) {
        List<Wording> wordings = new ArrayList<>();
        Cause cause = Cause.OTHER;
        for (String line :
                BuiltInTemplates.resource(resource).orElseThrow().lines().toList()) {
            if (line.startsWith("[") && line.endsWith("]")) {
                String key = line.substring(1, line.length() - 1);
                cause = Cause.valueOf(key.toUpperCase(Locale.ROOT).replace('-', '_'));
            } else if (!line.isBlank() && !line.startsWith("#")) {
                wordings.add(
                        new Wording(cause, Pattern.compile(line, Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE)));
            }
        }
        return List.copyOf(wordings);
    }
}
