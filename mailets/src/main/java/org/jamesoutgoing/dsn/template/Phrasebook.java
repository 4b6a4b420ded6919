/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dsn.template;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import org.jamesoutgoing.dsn.reason.Cause;
import org.jamesoutgoing.dsn.reason.Diagnosis;

/** The sentences of one language, and how it writes dates, sizes and durations. Thread-safe. */
public final class Phrasebook {
    private static final String LAST_RESORT_DATE = "yyyy-MM-dd HH:mm xxx";
    private static final long KILO = 1024;

    private final Locale locale;
    private final Map<String, String> phrases;

    Phrasebook(Locale locale, Map<String, String> phrases) {
        this.locale = locale;
        this.phrases = Map.copyOf(phrases);
    }

    /**
     * Why, and what to do.
     *
     * @param address the recipient's, made fit to be shown
     */
    Explanation explain(Diagnosis diagnosis, String address) {
        Cause cause = diagnosis.cause();
        String reason = diagnosis.expired() && cause == Cause.OTHER ? "" : phrase(cause.key() + ".reason", address);
        String expired = diagnosis.expired() ? phrase(Cause.EXPIRED.key() + ".reason", address) : "";
        return new Explanation((expired + " " + reason).strip(), phrase(cause.key() + ".advice", address));
    }

    /** The date and time. */
    public String date(Instant time, ZoneId zone) {
        try {
            return DateTimeFormatter.ofPattern(get("format.date"), locale).format(time.atZone(zone));
        } catch (IllegalArgumentException | DateTimeException badPattern) {
            return DateTimeFormatter.ofPattern(LAST_RESORT_DATE, locale).format(time.atZone(zone));
        }
    }

    /** @param octets not negative */
    public String size(long octets) {
        if (octets < KILO) {
            return number("format.bytes", Long.toString(octets));
        }
        if (octets < KILO * KILO) {
            return number("format.kilobytes", Long.toString(Math.round(octets / (double) KILO)));
        }
        return number("format.megabytes", String.format(locale, "%.1f", octets / (double) (KILO * KILO)));
    }

    /** In days if that is exact, else in hours, else in minutes. */
    public String duration(Duration duration) {
        long minutes = Math.max(1, duration.toMinutes());
        if (minutes % (24 * 60) == 0) {
            return count("day", minutes / (24 * 60));
        }
        return minutes % 60 == 0 ? count("hour", minutes / 60) : count("minute", minutes);
    }

    private String count(String unit, long count) {
        return count == 1 ? get("format." + unit) : number("format." + unit + "s", Long.toString(count));
    }

    private String number(String key, String number) {
        return get(key).replace("{0}", number);
    }

    private String phrase(String key, String address) {
        return get(key).replace("{domain}", address.substring(address.lastIndexOf('@') + 1))
                .replace("{address}", address);
    }

    private String get(String key) {
        return phrases.getOrDefault(key, "");
    }
}
