/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.service;

import org.jamesoutgoing.dsn.template.TemplateName;
import org.jamesoutgoing.store.StoreDamageContract;

class TemplateStoreDamageTest extends StoreDamageContract<TemplateName, String> {

    TemplateStoreDamageTest() {
        super(
                new TemplateCodec(),
                TemplateName.parse("failure").orElseThrow(),
                TemplateName.parse("queue-full.de-ch").orElseThrow(),
                "Subject: {{subject}}\n\nhunter2, \"nicht zugestellt\" ✗\n",
                "Subject: Später\r\n\r\nWarten Sie.\r\n");
    }
}
