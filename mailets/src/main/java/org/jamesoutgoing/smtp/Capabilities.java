/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.smtp;

import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What a host offers: its reply to {@code EHLO} (RFC 5321 §4.1.1.1).
 *
 * @param keywords in upper case, each with its parameters in upper case
 */
record Capabilities(Map<String, List<String>> keywords) {

    /** A host that only understands {@code HELO}. */
    static final Capabilities NONE = new Capabilities(Map.of());

    Capabilities {
        keywords = Map.copyOf(keywords);
    }

    /** What the reply to {@code EHLO} says, without the extensions that are to be ignored. */
    static Capabilities of(Reply ehlo, Set<String> ignored) {
        Map<String, List<String>> keywords = new HashMap<>();
        for (String line : ehlo.lines().subList(1, ehlo.lines().size())) {
            // "AUTH=LOGIN PLAIN" is how hosts wrote it before RFC 2554.
            String[] words = line.strip()
                    .replaceFirst("^(?i)AUTH=", "AUTH ")
                    .toUpperCase(Locale.ROOT)
                    .split("\\s+");
            if (!words[0].isEmpty() && !ignored.contains(words[0])) {
                keywords.merge(words[0], List.of(words).subList(1, words.length), Capabilities::both);
            }
        }
        return new Capabilities(keywords);
    }

    private static List<String> both(List<String> first, List<String> second) {
        Set<String> all = new LinkedHashSet<>(first);
        all.addAll(second);
        return List.copyOf(all);
    }

    /** RFC 2920. */
    boolean pipelining() {
        return keywords.containsKey("PIPELINING");
    }

    /** RFC 3030. */
    boolean chunking() {
        return keywords.containsKey("CHUNKING");
    }

    /** RFC 6152. */
    boolean eightBitMime() {
        return keywords.containsKey("8BITMIME");
    }

    /** RFC 6531. */
    boolean smtpUtf8() {
        return keywords.containsKey("SMTPUTF8");
    }

    /** RFC 3461. */
    boolean dsn() {
        return keywords.containsKey("DSN");
    }

    /** RFC 3207. */
    boolean startTls() {
        return keywords.containsKey("STARTTLS");
    }

    /** RFC 8689. */
    public boolean requireTls() {
        return keywords.containsKey("REQUIRETLS");
    }

    /** RFC 6710. */
    public boolean mtPriority() {
        return keywords.containsKey("MT-PRIORITY");
    }

    /** RFC 1870: {@code SIZE=} is understood. */
    boolean size() {
        return keywords.containsKey("SIZE");
    }

    /** RFC 1870 §4: the largest message the host takes, octets; empty: it says nothing, or 0, which means no limit. */
    OptionalLong maxSize() {
        return keywords.getOrDefault("SIZE", List.of()).stream()
                .limit(1)
                .filter(limit -> limit.matches("\\d{1,18}"))
                .mapToLong(Long::parseLong)
                .filter(limit -> limit > 0)
                .findFirst();
    }

    /** RFC 4954: whether the host offers the mechanism. */
    boolean auth(AuthMechanism mechanism) {
        return keywords.getOrDefault("AUTH", List.of()).contains(mechanism.keyword());
    }

    /** The keywords, for the logs. */
    @Override
    public String toString() {
        String[] sorted = keywords.keySet().toArray(String[]::new);
        Arrays.sort(sorted);
        return String.join(" ", sorted);
    }
}
