/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.james;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/** The methods of James 3.9's class, and what was said to them. For one test at a time. */
public final class JamesAuditTrail {

    public static final List<String> LINES = new ArrayList<>();

    private JamesAuditTrail() {}

    public static Entry entry() {
        return new Entry();
    }

    public static final class Entry {

        private final List<String> words = new ArrayList<>();
        private Map<String, String> parameters = Map.of();

        public Entry protocol(String protocol) {
            words.add(protocol);
            return this;
        }

        public Entry action(String action) {
            words.add(action);
            return this;
        }

        public Entry parameters(Supplier<Map<String, String>> supplier) {
            parameters = supplier.get();
            return this;
        }

        public void log(String message) {
            LINES.add(String.join(" ", words) + " " + new TreeMap<>(parameters) + " " + message);
        }
    }
}
