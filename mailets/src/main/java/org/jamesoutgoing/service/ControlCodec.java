/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.service;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jamesoutgoing.delivery.Suspension;
import org.jamesoutgoing.store.Codec;

/**
 * Limits and suspensions that are made at run time, by the names of outgoing queues, as they are stored.
 *
 * <pre>{@code
 * {"limits":{"mails":5000},"service":"resumed",
 *  "domains":{"example.com":{"reason":"moving","since":"2026-11-30T08:00:00Z","until":"2026-12-01T00:00:00Z"}}}
 * }</pre>
 */
public final class ControlCodec implements Codec<String, RuntimeControls> {

    private static final String LIMITS = "limits";
    private static final String SERVICE = "service";
    private static final String DOMAINS = "domains";
    private static final String HOSTS = "hosts";
    private static final String RESUMED = "resumed";
    private static final String REASON = "reason";
    private static final String SINCE = "since";
    private static final String UNTIL = "until";

    @Override
    public Words words() {
        return new Words("control", "controls", "queue", "control");
    }

    @Override
    public String nameToText(String queue) {
        return queue;
    }

    @Override
    public String nameFromText(String text) {
        if (text.isBlank()) {
            throw new IllegalArgumentException("no queue has this name");
        }
        return text;
    }

    @Override
    public JsonNode valueToJson(RuntimeControls controls) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        if (!controls.limits().isEmpty()) {
            ObjectNode limits = json.putObject(LIMITS);
            new TreeMap<>(controls.limits()).forEach((limit, value) -> limits.put(limit.word(), value));
        }
        if (controls.service() instanceof RuntimeControls.Suspended suspended) {
            json.set(SERVICE, toJson(suspended.suspension()));
        } else if (controls.service() instanceof RuntimeControls.Resumed) {
            json.set(SERVICE, TextNode.valueOf(RESUMED));
        }
        put(json, DOMAINS, controls.domains());
        put(json, HOSTS, controls.hosts());
        return json;
    }

    private static void put(ObjectNode json, String name, Map<String, Suspension> suspensions) {
        if (!suspensions.isEmpty()) {
            ObjectNode all = json.putObject(name);
            new TreeMap<>(suspensions).forEach((key, suspension) -> all.set(key, toJson(suspension)));
        }
    }

    private static ObjectNode toJson(Suspension suspension) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put(REASON, suspension.reason());
        json.put(SINCE, suspension.since().toString());
        suspension.until().ifPresent(end -> json.put(UNTIL, end.toString()));
        return json;
    }

    @Override
    public RuntimeControls valueFromJson(String queue, JsonNode json) {
        requireOnly(json, "control", Set.of(LIMITS, SERVICE, DOMAINS, HOSTS));
        return new RuntimeControls(
                limits(json.path(LIMITS)),
                service(json.path(SERVICE)),
                suspensions(DOMAINS, json.path(DOMAINS)),
                suspensions(HOSTS, json.path(HOSTS)));
    }

    private static Map<QueueLimit, Long> limits(JsonNode json) {
        Map<QueueLimit, Long> limits = new HashMap<>();
        fields(json, LIMITS).forEach((name, value) -> {
            QueueLimit limit =
                    QueueLimit.of(name).orElseThrow(() -> new IllegalArgumentException("'" + name + "' is no limit"));
            if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < 0) {
                throw new IllegalArgumentException("its limit '" + name + "' is no number of 0 or more");
            }
            limits.put(limit, value.longValue());
        });
        return limits;
    }

    private static RuntimeControls.Whole service(JsonNode json) {
        if (json.isMissingNode()) {
            return new RuntimeControls.Configured();
        }
        return json.isTextual() && json.textValue().equals(RESUMED)
                ? new RuntimeControls.Resumed()
                : new RuntimeControls.Suspended(suspension(SERVICE, json));
    }

    private static Map<String, Suspension> suspensions(String name, JsonNode json) {
        Map<String, Suspension> suspensions = new HashMap<>();
        fields(json, name).forEach((key, value) -> suspensions.put(key, suspension(key, value)));
        return suspensions;
    }

    private static Suspension suspension(String what, JsonNode json) {
        requireOnly(json, what, Set.of(REASON, SINCE, UNTIL));
        if (!json.path(REASON).isTextual() || !json.path(SINCE).isTextual()) {
            throw new IllegalArgumentException("the suspension of '" + what + "' has no reason or no time");
        }
        return new Suspension(
                json.get(REASON).textValue(),
                time(what, json.get(SINCE)),
                Optional.ofNullable(json.get(UNTIL)).map(end -> time(what, end)));
    }

    private static Instant time(String what, JsonNode json) {
        try {
            return Instant.parse(json.asText());
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("the suspension of '" + what + "' has a time that is none", e);
        }
    }

    private static void requireOnly(JsonNode json, String what, Set<String> names) {
        for (String name : fields(json, what).keySet()) {
            if (!names.contains(name)) {
                throw new IllegalArgumentException("'" + what + "' has an unknown field '" + name + "'");
            }
        }
    }

    private static Map<String, JsonNode> fields(JsonNode json, String what) {
        Map<String, JsonNode> fields = new HashMap<>();
        if (json.isMissingNode()) {
            return fields;
        }
        if (!json.isObject()) {
            throw new IllegalArgumentException("'" + what + "' is no object");
        }
        Iterator<Map.Entry<String, JsonNode>> each = json.fields();
        while (each.hasNext()) {
            Map.Entry<String, JsonNode> field = each.next();
            fields.put(field.getKey(), field.getValue());
        }
        return fields;
    }
}
