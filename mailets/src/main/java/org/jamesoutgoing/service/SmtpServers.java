/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.service;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.commons.configuration2.HierarchicalConfiguration;
import org.apache.commons.configuration2.ex.ConfigurationException;
import org.apache.commons.configuration2.tree.ImmutableNode;
import org.apache.james.server.core.configuration.ConfigurationProvider;

/**
 * James's own SMTP servers, as {@code smtpserver.xml} has them.
 *
 * @param names that they greet with, where it says so
 * @param ports that they listen on, those chosen by the system left out
 */
record SmtpServers(Set<String> names, Set<Integer> ports) {

    static final SmtpServers NONE = new SmtpServers(Set.of(), Set.of());

    private static final String ANYWHERE = "0.0.0.0:25";

    /** @throws IllegalArgumentException when the file cannot be read */
    static SmtpServers read(ConfigurationProvider configuration) {
        Set<String> names = new HashSet<>();
        Set<Integer> ports = new HashSet<>();
        try {
            List<HierarchicalConfiguration<ImmutableNode>> servers =
                    configuration.getConfiguration("smtpserver").configurationsAt("smtpserver");
            for (HierarchicalConfiguration<ImmutableNode> server : servers) {
                if (server.getBoolean("[@enabled]", true)) {
                    if (!server.getBoolean("helloName[@autodetect]", true)) {
                        names.add(server.getString("helloName", "").trim());
                    }
                    for (String listen : server.getString("bind", ANYWHERE).split(",", -1)) {
                        String port =
                                listen.substring(listen.lastIndexOf(':') + 1).trim();
                        if (port.matches("[1-9]\\d{0,4}")) {
                            ports.add(Integer.parseInt(port));
                        }
                    }
                }
            }
        } catch (ConfigurationException e) {
            throw new IllegalArgumentException("smtpserver.xml cannot be read: " + e.getMessage(), e);
        }
        names.remove("");
        return new SmtpServers(Set.copyOf(names), Set.copyOf(ports));
    }
}
