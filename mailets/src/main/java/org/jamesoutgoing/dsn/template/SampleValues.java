/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dsn.template;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A value for every variable, to try a template with. */
final class SampleValues {
    private static final Map<String, String> TEXTS = Map.ofEntries(
            Map.entry("host", "mx.example.org"),
            Map.entry("postmaster", "postmaster@example.org"),
            Map.entry("sender", "alice@example.org"),
            Map.entry("subject", "Lunch & \"dinner\" <today>"),
            Map.entry("messageId", "<lunch.1@example.org>"),
            Map.entry("address", "bob@example.com"),
            Map.entry("originalRecipient", "bob@lists.example.com"),
            Map.entry("server", "mail.example.com[192.0.2.1]"),
            Map.entry("status", "5.1.1"),
            Map.entry("reply", "550 5.1.1 No such user"));

    private SampleValues() {}

    static Map<String, Object> all() {
        Map<String, Object> values = of(Variable.Scope.MAIL);
        values.put(Variable.RECIPIENTS, List.of(of(Variable.Scope.RECIPIENT), of(Variable.Scope.RECIPIENT)));
        return values;
    }

    private static Map<String, Object> of(Variable.Scope scope) {
        Map<String, Object> values = new HashMap<>();
        Variable.TABLE.stream().filter(variable -> variable.scope() == scope).forEach(variable -> {
            switch (variable.type()) {
                case TEXT -> values.put(variable.name(), TEXTS.getOrDefault(variable.name(), "12"));
                case CONDITION -> values.put(variable.name(), true);
                case LIST -> {}
            }
        });
        return values;
    }
}
