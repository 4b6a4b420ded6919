/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Locale;

/** Texts under names in lower case; {@code bad} is none. */
final class SampleCodec implements Codec<String, String> {

    @Override
    public Words words() {
        return new Words("sample", "samples", "name", "text");
    }

    @Override
    public String nameToText(String name) {
        return name;
    }

    @Override
    public String nameFromText(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    @Override
    public JsonNode valueToJson(String value) {
        return TextNode.valueOf(value);
    }

    @Override
    public String valueFromJson(String name, JsonNode json) {
        if (!json.isTextual() || json.textValue().equals("bad")) {
            throw new IllegalArgumentException("its text is bad");
        }
        return json.textValue();
    }
}
