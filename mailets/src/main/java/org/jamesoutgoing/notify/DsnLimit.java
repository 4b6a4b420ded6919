/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.notify;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jamesoutgoing.settings.ValueType;

/**
 * How many DSNs one sender may get.
 *
 * @param count 1 or more at once, and as many again in each period
 * @param period a second or more
 */
public record DsnLimit(int count, Duration period) {

    /** What {@code dsnLimit} is when it is not given. */
    public static final DsnLimit DEFAULT = new DsnLimit(100, Duration.ofHours(1));

    /** {@code 100/1h}; empty for {@code none}. */
    public static final ValueType<Optional<DsnLimit>> TYPE = new ValueType<>(
            "none, or count/period such as 100/1h: a whole number from 1 to 1000000, and a time from 1s to 30d",
            DsnLimit::parse);

    private static final Pattern FORM = Pattern.compile("(\\d{1,7})\\s*/\\s*(.+)");

    private static Optional<DsnLimit> parse(String text) {
        if (text.equalsIgnoreCase("none")) {
            return Optional.empty();
        }
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException();
        }
        return Optional.of(new DsnLimit(
                ValueType.number(1, 1_000_000).reader().apply(form.group(1)),
                ValueType.duration(Duration.ofSeconds(1), Duration.ofDays(30))
                        .reader()
                        .apply(form.group(2))));
    }
}
