/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.mailets;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.commons.text.similarity.LevenshteinDistance;
import org.apache.james.util.DurationParser;
import org.apache.james.util.Size;
import org.apache.mailet.MailetConfig;

/**
 * The parameters of one mailet, read by type. Whoever reads a parameter makes it known; in the end those that nobody read
 * are an error. Every error names the parameter, its value (but never a secret's) and what is allowed.
 */
final class Parameters {

    /** What James itself puts among the parameters of a mailet, or reads from there. */
    private static final Set<String> OF_JAMES = Set.of("onMailetException", "onMatchException", "match", "class");

    private static final int NEAR = 4;
    private static final int MILLIS_OF_A_DAY = 86_400_000;
    static final String MILLISECONDS = "a number of milliseconds from 1 to " + MILLIS_OF_A_DAY;

    private final Map<String, String> given;
    private final Set<String> known = new LinkedHashSet<>(OF_JAMES);

    private Parameters(Map<String, String> given) {
        this.given = given;
    }

    static Parameters of(MailetConfig config) {
        Map<String, String> given = new TreeMap<>();
        config.getInitParameterNames().forEachRemaining(name -> {
            String value = config.getInitParameter(name);
            if (value != null && !value.isBlank()) {
                given.put(name, value.trim());
            }
        });
        return new Parameters(given);
    }

    /** As given, but for what is James's. */
    Map<String, String> asMap() {
        return given.entrySet().stream()
                .filter(entry -> !OF_JAMES.contains(entry.getKey()))
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    boolean has(String name) {
        known.add(name);
        return given.containsKey(name);
    }

    Optional<String> text(String name) {
        known.add(name);
        return Optional.ofNullable(given.get(name));
    }

    /** One parameter under several names; two of them with different values are an error. */
    Optional<String> text(String name, String... aliases) {
        Optional<String> value = text(name);
        for (String alias : aliases) {
            Optional<String> other = text(alias);
            if (value.isPresent() && other.isPresent() && !value.equals(other)) {
                throw new IllegalArgumentException("parameters '" + name + "' and '" + alias
                        + "' mean the same and have different values; allowed: one of them");
            }
            value = value.or(() -> other);
        }
        return value;
    }

    <T> Optional<T> parsed(String name, String allowed, Function<String, T> parser) {
        return text(name).map(value -> parse(name, value, allowed, parser));
    }

    static <T> T parse(String name, String value, String allowed, Function<String, T> parser) {
        try {
            return parser.apply(value);
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw wrong(name, value, allowed);
        }
    }

    Optional<Boolean> flag(String name) {
        return parsed(name, "true or false", Parameters::flagOf);
    }

    static boolean flagOf(String value) {
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException();
        };
    }

    Optional<Integer> number(String name, int least, int most) {
        return parsed(name, range(least, most), value -> numberOf(value, least, most));
    }

    static String range(int least, int most) {
        return "a whole number from " + least + " to " + most;
    }

    static int numberOf(String value, int least, int most) {
        int number = Integer.parseInt(value);
        if (number < least || number > most) {
            throw new IllegalArgumentException();
        }
        return number;
    }

    /** With a unit: {@code 30s}, {@code 5m}, {@code 2h}, {@code 5d}. */
    Optional<Duration> duration(String name, Duration least, Duration most) {
        String allowed =
                "a time with its unit from " + text(least) + " to " + text(most) + ", such as 30s, 5m, 2h or 5d";
        return parsed(name, allowed, value -> withUnit(value, least, most));
    }

    /** One or more, separated by commas. */
    Optional<List<Duration>> durations(String name, Duration least, Duration most) {
        String allowed = "times with their units from " + text(least) + " to " + text(most)
                + ", separated by commas, such as 1m, 5m, 2h";
        return parsed(name, allowed, value -> Arrays.stream(value.split(",", -1))
                .map(one -> withUnit(one.trim(), least, most))
                .toList());
    }

    private static Duration withUnit(String value, Duration least, Duration most) {
        if (!value.matches("\\d{1,9}\\s*[A-Za-z]+")) {
            throw new IllegalArgumentException();
        }
        Duration duration = DurationParser.parse(value);
        if (duration.compareTo(least) < 0 || duration.compareTo(most) > 0) {
            throw new IllegalArgumentException();
        }
        return duration;
    }

    /** RemoteDelivery's way: milliseconds without a unit. */
    Optional<Duration> millis(String name) {
        return parsed(name, MILLISECONDS, Parameters::millisOf);
    }

    static Duration millisOf(String value) {
        return Duration.ofMillis(numberOf(value, 1, MILLIS_OF_A_DAY));
    }

    Optional<Long> size(String name, long least) {
        return parsed(name, "a size of at least " + least + " bytes, such as 64K, 10M or 2G", value -> {
            // Not more digits than a long has room for.
            if (!value.matches("\\d{1,12}|\\d{1,9}\\s*[KMGkmg]")) {
                throw new IllegalArgumentException();
            }
            long size = Size.parse(value.replaceAll("\\s", "")).asBytes();
            if (size < least) {
                throw new IllegalArgumentException();
            }
            return size;
        });
    }

    <T extends Enum<T>> Optional<T> choice(String name, Class<T> type) {
        String allowed =
                Arrays.stream(type.getEnumConstants()).map(Parameters::spelling).collect(Collectors.joining(", "));
        return parsed(name, allowed, value -> Arrays.stream(type.getEnumConstants())
                .filter(constant -> spelling(constant).equalsIgnoreCase(value))
                .findFirst()
                .orElseThrow(IllegalArgumentException::new));
    }

    private static String spelling(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Those that start so. */
    List<String> startingWith(String prefix) {
        return given.keySet().stream().filter(name -> name.startsWith(prefix)).toList();
    }

    /** Accepted, and without effect. */
    void ignore(String... names) {
        known.addAll(List.of(names));
    }

    /** @throws IllegalArgumentException naming the first parameter that nobody read, and the nearest that is known */
    void rejectUnknown() {
        for (String name : given.keySet()) {
            if (!known.contains(name)) {
                throw new IllegalArgumentException("unknown parameter '" + name + "'" + suggestion(name));
            }
        }
    }

    private String suggestion(String name) {
        int near = Math.min(NEAR, (name.length() + 1) / 2);
        List<String> candidates = new ArrayList<>(known);
        candidates.removeAll(OF_JAMES);
        return candidates.stream()
                .min(Comparator.comparing(candidate -> distance(name, candidate)))
                .filter(candidate -> distance(name, candidate) <= near)
                .map(candidate -> "; did you mean '" + candidate + "'?")
                .orElse("; the README's settings reference lists what there is");
    }

    /** In keystrokes; a beginning is as near as can be. */
    private static int distance(String name, String candidate) {
        String lower = name.toLowerCase(Locale.ROOT);
        String lowerCandidate = candidate.toLowerCase(Locale.ROOT);
        return lowerCandidate.startsWith(lower) ? 0 : new LevenshteinDistance().apply(lower, lowerCandidate);
    }

    static IllegalArgumentException wrong(String name, String value, String allowed) {
        boolean secret = name.toLowerCase(Locale.ROOT).contains("password");
        return new IllegalArgumentException("parameter '" + name + "' is '"
                + (secret ? "***" : value.replaceAll("\\s+", " ")) + "'; allowed: " + allowed);
    }

    private static String text(Duration duration) {
        if (duration.toDays() > 0) {
            return duration.toDays() + "d";
        }
        return duration.toSeconds() > 0 ? duration.toSeconds() + "s" : duration.toMillis() + "ms";
    }
}
