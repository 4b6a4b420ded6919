/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.service;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import org.jamesoutgoing.dsn.template.TemplateName;
import org.jamesoutgoing.store.Codec;

/** The sources of templates that are made at run time, as they are stored: whether they can be used or not. */
public final class TemplateCodec implements Codec<TemplateName, String> {

    @Override
    public Words words() {
        return new Words("template", "templates", "name", "source");
    }

    @Override
    public String nameToText(TemplateName name) {
        return name.toString();
    }

    @Override
    public TemplateName nameFromText(String text) {
        return TemplateName.parse(text).orElseThrow(() -> new IllegalArgumentException("no template has this name"));
    }

    @Override
    public JsonNode valueToJson(String source) {
        return TextNode.valueOf(source);
    }

    @Override
    public String valueFromJson(TemplateName name, JsonNode source) {
        if (!source.isTextual()) {
            throw new IllegalArgumentException("its source is no text");
        }
        return source.textValue();
    }
}
