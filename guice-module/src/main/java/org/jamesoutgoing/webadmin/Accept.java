/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.webadmin;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import spark.Request;

/** Which of the media types that can be answered a request likes best (RFC 9110 §12.5.1). */
final class Accept {

    private static final int MOST_RANGES = 50;

    /** @param specificity 0: anything, 1: any of one type, 2: one media type */
    private record Range(String name, int specificity, double quality) {

        boolean covers(String type) {
            return switch (specificity) {
                case 0 -> true;
                case 1 -> type.startsWith(name);
                default -> type.equals(name);
            };
        }
    }

    private Accept() {}

    /**
     * @param offered media types in lower case; at equal liking the first one
     * @return empty when none is acceptable
     */
    static Optional<String> choose(Request request, List<String> offered) {
        String header = request.headers("Accept");
        return choose(header == null ? "" : header, offered);
    }

    static Optional<String> choose(String header, List<String> offered) {
        List<Range> ranges = ranges(header);
        if (ranges.isEmpty()) {
            return Optional.of(offered.get(0));
        }
        // max() gives the first of equals.
        return offered.stream()
                .filter(type -> quality(type, ranges) > 0)
                .max(Comparator.comparingDouble(type -> quality(type, ranges)));
    }

    /** The most specific range counts. */
    private static double quality(String type, List<Range> ranges) {
        return ranges.stream()
                .filter(range -> range.covers(type))
                .max(Comparator.comparingInt(Range::specificity))
                .map(Range::quality)
                .orElse(0.0);
    }

    private static List<Range> ranges(String header) {
        List<Range> ranges = new ArrayList<>();
        for (String element : header.toLowerCase(Locale.ROOT).split(",", MOST_RANGES)) {
            String[] parts = element.split(";", -1);
            String name = parts[0].strip();
            if (!name.isEmpty()) {
                ranges.add(range(name, quality(parts)));
            }
        }
        return ranges;
    }

    private static Range range(String name, double quality) {
        if (name.equals("*/*") || name.equals("*")) {
            return new Range(name, 0, quality);
        }
        return name.endsWith("/*")
                ? new Range(name.substring(0, name.length() - 1), 1, quality)
                : new Range(name, 2, quality);
    }

    private static double quality(String[] parts) {
        for (int i = 1; i < parts.length; i++) {
            String parameter = parts[i].strip();
            if (parameter.matches("q=(0(\\.\\d{0,3})?|1(\\.0{0,3})?)")) {
                return Double.parseDouble(parameter.substring(2));
            }
        }
        return 1;
    }
}
