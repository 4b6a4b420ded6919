/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.monitoring;

import java.util.Optional;
import java.util.regex.Pattern;
import org.jamesoutgoing.smtp.PrintableText;

/**
 * A log line of {@code key=value} fields that a machine can take apart: a value stands as it is, or in double quotes with
 * {@code \} before {@code "} and {@code \}. Whatever a value contains, it cannot end its field or the line.
 */
final class LogLine {

    private static final int MAX_VALUE = 1000;
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_.:/,@+<>\\[\\]-]+");

    private final StringBuilder text = new StringBuilder(400);

    /** An absent value is {@code -}. */
    LogLine with(String key, Optional<String> value) {
        return with(key, value.orElse("-"));
    }

    LogLine with(String key, String value) {
        return PLAIN.matcher(value).matches() && value.length() <= MAX_VALUE ? append(key, value) : quoted(key, value);
    }

    /** In quotes, whatever it is. */
    LogLine quoted(String key, String value) {
        String printable = PrintableText.line(value);
        if (printable.length() > MAX_VALUE) {
            int end = Character.isHighSurrogate(printable.charAt(MAX_VALUE - 1)) ? MAX_VALUE - 1 : MAX_VALUE;
            printable = printable.substring(0, end) + "…";
        }
        return append(key, '"' + printable.replace("\\", "\\\\").replace("\"", "\\\"") + '"');
    }

    private LogLine append(String key, String value) {
        text.append(text.length() == 0 ? "" : " ").append(key).append('=').append(value);
        return this;
    }

    String text() {
        return text.toString();
    }
}
