/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.migrating;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jamesoutgoing.testing.StubDnsServer;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** What DNS knows: records by name, names for which it fails, and no other name. */
final class Zone {

    static final String SERVER = "127.62.53.53";

    private final Map<Name, List<Record>> records = new ConcurrentHashMap<>();
    private final Set<Name> broken = ConcurrentHashMap.newKeySet();

    void add(String name, int type, String data) {
        try {
            Name owner = Name.fromString(name + ".");
            records.computeIfAbsent(owner, any -> new ArrayList<>())
                    .add(Record.fromString(owner, type, DClass.IN, 300, data, Name.root));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    void fail(String name) {
        try {
            broken.add(Name.fromString(name + "."));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    StubDnsServer serve() throws IOException {
        return StubDnsServer.answering(SERVER, 53, this::answer);
    }

    private Message answer(Message question) {
        Record asked = question.getQuestion();
        if (broken.contains(asked.getName())) {
            return StubDnsServer.reply(question, Rcode.SERVFAIL);
        }
        Optional<List<Record>> found = Optional.ofNullable(records.get(asked.getName()));
        Message reply = StubDnsServer.reply(question, found.isPresent() ? Rcode.NOERROR : Rcode.NXDOMAIN);
        found.orElse(List.of()).stream()
                .filter(record -> record.getType() == asked.getType() || asked.getType() == Type.ANY)
                .forEach(record -> reply.addRecord(record, Section.ANSWER));
        return reply;
    }
}
