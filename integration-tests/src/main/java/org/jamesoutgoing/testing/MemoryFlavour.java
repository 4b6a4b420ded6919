/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.testing;

import com.google.inject.AbstractModule;
import com.google.inject.Module;
import com.google.inject.multibindings.Multibinder;
import com.google.inject.util.Modules;
import java.nio.file.Path;
import org.apache.james.FakeSearchMailboxModule;
import org.apache.james.GuiceJamesServer;
import org.apache.james.MemoryJamesConfiguration;
import org.apache.james.MemoryJamesServerMain;
import org.apache.james.utils.GuiceProbe;
import org.jamesoutgoing.testing.JamesSetup.Queue;

/** James's memory flavour over a working directory, with the queue of choice: what its own main class starts. */
final class MemoryFlavour {

    private static final String OUR_CLASS = "org.jamesoutgoing.mailets.OutgoingDelivery";

    private MemoryFlavour() {}

    static GuiceJamesServer create(Path workingDirectory, Queue queue, Module... more) {
        requireOutsideClassPath();
        MemoryJamesConfiguration configuration = MemoryJamesConfiguration.builder()
                .workingDirectory(workingDirectory.toFile())
                .build();
        return MemoryJamesServerMain.createServer(configuration)
                .combineWith(new FakeSearchMailboxModule())
                .overrideWith(queue == Queue.ACTIVEMQ ? new ActiveMqQueue() : Modules.EMPTY_MODULE)
                .overrideWith(new Insight())
                .overrideWith(more);
    }

    /**
     * James's extension class loader asks the class path first. Were our classes there, the JAR in
     * {@code extensions-jars/} would go unused and the tests prove nothing.
     */
    private static void requireOutsideClassPath() {
        if (GuiceJamesServer.class.getClassLoader().getResource(OUR_CLASS.replace('.', '/') + ".class") != null) {
            throw new IllegalStateException(
                    OUR_CLASS + " is on James's own class path; it must come from the JAR only");
        }
    }

    private static final class Insight extends AbstractModule {
        @Override
        protected void configure() {
            Multibinder.newSetBinder(binder(), GuiceProbe.class).addBinding().to(JamesInsight.class);
        }
    }
}
