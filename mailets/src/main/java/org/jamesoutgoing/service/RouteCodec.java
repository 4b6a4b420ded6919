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
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jamesoutgoing.routing.OptionValues;
import org.jamesoutgoing.routing.RouteName;
import org.jamesoutgoing.routing.StaticRoute;
import org.jamesoutgoing.settings.Origin;
import org.jamesoutgoing.store.Codec;

/** Routes that are made at run time, as they are stored: together with the passwords in them. */
public final class RouteCodec implements Codec<RouteName, OptionValues> {

    @Override
    public Words words() {
        return new Words("route", "routes", "domain", "options");
    }

    @Override
    public String nameToText(RouteName name) {
        return name.text();
    }

    @Override
    public RouteName nameFromText(String text) {
        return RouteName.parse(text);
    }

    @Override
    public JsonNode valueToJson(OptionValues values) {
        ObjectNode options = JsonNodeFactory.instance.objectNode();
        values.texts().forEach(options::put);
        return options;
    }

    @Override
    public OptionValues valueFromJson(RouteName name, JsonNode options) {
        Map<String, String> texts = new LinkedHashMap<>();
        Iterator<Map.Entry<String, JsonNode>> fields = options.fields();
        while (fields.hasNext()) {
            Map.Entry<String, JsonNode> option = fields.next();
            if (!option.getValue().isTextual()) {
                throw new IllegalArgumentException("option '" + option.getKey() + "' is no text");
            }
            texts.put(option.getKey(), option.getValue().textValue());
        }
        return new StaticRoute(name, Origin.RUNTIME, OptionValues.of(texts)).values();
    }
}
