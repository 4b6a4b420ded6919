/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.settings;

import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.james.util.DurationParser;
import org.apache.james.util.Size;

/**
 * What a setting may be: how it is written, and how that is read. Where it stands (a mailet's parameter, a route's option)
 * makes no difference.
 *
 * @param allowed for people: what may be written
 * @param reader throws {@link IllegalArgumentException}, with no message, for anything else
 */
public record ValueType<T>(String allowed, Function<String, T> reader) {

    /**
     * Reads a value.
     *
     * @param name of the setting, for the message; one with "password" in it never shows the value
     * @throws OptionException naming the setting, the value and what is allowed
     */
    public T read(String name, String text) {
        try {
            return reader.apply(text);
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw OptionException.wrong(name, text, allowed);
        }
    }

    public static ValueType<Boolean> flag() {
        return new ValueType<>("true or false", ValueType::flagOf);
    }

    private static boolean flagOf(String value) {
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException();
        };
    }

    public static ValueType<Integer> number(int least, int most) {
        return new ValueType<>("a whole number from " + least + " to " + most, value -> numberOf(value, least, most));
    }

    private static int numberOf(String value, int least, int most) {
        int number = Integer.parseInt(value);
        if (number < least || number > most) {
            throw new IllegalArgumentException();
        }
        return number;
    }

    /** With a unit: {@code 30s}, {@code 5m}, {@code 2h}, {@code 5d}. */
    public static ValueType<Duration> duration(Duration least, Duration most) {
        return new ValueType<>(
                "a time with its unit from " + text(least) + " to " + text(most) + ", such as 30s, 5m, 2h or 5d",
                value -> withUnit(value, least, most));
    }

    /** One or more, separated by commas. */
    public static ValueType<List<Duration>> durations(Duration least, Duration most) {
        return new ValueType<>(
                "times with their units from " + text(least) + " to " + text(most)
                        + ", separated by commas, such as 1m, 5m, 2h",
                value -> Arrays.stream(value.split(",", -1))
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

    /** RemoteDelivery's way: milliseconds without a unit, of a day at most. */
    public static ValueType<Duration> millis() {
        int day = 86_400_000;
        return new ValueType<>(
                "a number of milliseconds from 1 to " + day, value -> Duration.ofMillis(numberOf(value, 1, day)));
    }

    /** In octets. */
    public static ValueType<Long> size(long least) {
        return new ValueType<>("a size of at least " + least + " bytes, such as 64K, 10M or 2G", value -> {
            // Not more digits than a long has room for.
            if (!value.matches("\\d{1,12}|\\d{1,9}\\s*[KMGkmg]")) {
                throw new IllegalArgumentException();
            }
            long size;
            try {
                size = Size.parse(value.replaceAll("\\s", "")).asBytes();
            } catch (Exception e) {
                throw new IllegalArgumentException(e);
            }
            if (size < least) {
                throw new IllegalArgumentException();
            }
            return size;
        });
    }

    public static <T extends Enum<T>> ValueType<T> choice(Class<T> type) {
        return new ValueType<>(
                Arrays.stream(type.getEnumConstants()).map(ValueType::spelling).collect(Collectors.joining(", ")),
                value -> constant(type, value));
    }

    /** One or more constants separated by commas, in the order given. */
    public static <T extends Enum<T>> ValueType<List<T>> choices(Class<T> type) {
        String allowed =
                Arrays.stream(type.getEnumConstants()).map(ValueType::spelling).collect(Collectors.joining(", "));
        return new ValueType<>("one or more of " + allowed, value -> Arrays.stream(value.split(",", -1))
                .map(word -> constant(type, word.trim()))
                .distinct()
                .toList());
    }

    private static <T extends Enum<T>> T constant(Class<T> type, String value) {
        return Arrays.stream(type.getEnumConstants())
                .filter(constant -> spelling(constant).equalsIgnoreCase(value))
                .findFirst()
                .orElseThrow(IllegalArgumentException::new);
    }

    /** As an administrator writes it: {@code implicit-verify}. */
    public static String spelling(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** One or more known words, separated by white space or commas. */
    public static ValueType<Set<String>> words(String allowed, Set<String> known) {
        return new ValueType<>(allowed, value -> {
            Set<String> words = Arrays.stream(value.split("[\\s,]+", -1))
                    .filter(word -> !word.isEmpty())
                    .collect(Collectors.toCollection(LinkedHashSet::new));
            if (words.isEmpty() || !known.containsAll(words)) {
                throw new IllegalArgumentException();
            }
            return Set.copyOf(words);
        });
    }

    private static String text(Duration duration) {
        if (duration.toDays() > 0) {
            return duration.toDays() + "d";
        }
        return duration.toSeconds() > 0 ? duration.toSeconds() + "s" : duration.toMillis() + "ms";
    }
}
