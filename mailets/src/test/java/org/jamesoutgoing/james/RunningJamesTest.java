/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.james;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.inject.AbstractModule;
import com.google.inject.Guice;
import com.google.inject.Injector;
import org.junit.jupiter.api.Test;

class RunningJamesTest {

    /** As 3.9 has it, whose messages are none of {@code javax.mail}. */
    private interface NewerMail {
        @SuppressWarnings("unused")
        CharSequence getMessage();
    }

    private interface NoMail {}

    /** What only the module of the JAR knows. */
    private record Shared(String name) {}

    @Test
    void theRightJarSaysNothing() {
        assertThatCode(RunningJames::check).doesNotThrowAnyException();
    }

    @Test
    void theWrongJarNamesTheOtherInOneLine() {
        assertThatThrownBy(() -> RunningJames.check(NewerMail.class))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("james-outgoing-<version>.jar is for James 3.8, and this is a newer James:"
                        + " put james-outgoing-<version>-james39.jar in its place in extensions-jars/");
    }

    @Test
    void aJamesThatNobodyKnowsIsNotTakenForTheRightOne() {
        assertThatThrownBy(() -> RunningJames.check(NoMail.class)).isInstanceOf(IllegalStateException.class);
    }

    /** James makes a child injector for the modules of extensions, and asks that one. */
    @Test
    void whatTheModuleBindsIsFoundFromThere() {
        Injector james = Guice.createInjector();
        Injector extensions = james.createChildInjector(new AbstractModule() {
            @Override
            protected void configure() {
                bind(RunningJames.class);
                bind(Shared.class).toInstance(new Shared("of the module"));
            }
        });

        assertThat(extensions.getInstance(RunningJames.class).get(Shared.class).name())
                .isEqualTo("of the module");
    }

    @Test
    void withoutTheModuleJamesItselfIsAsked() {
        Injector james =
                Guice.createInjector(binder -> binder.bind(Shared.class).toInstance(new Shared("of James")));

        assertThat(james.createChildInjector()
                        .getInstance(RunningJames.class)
                        .get(Shared.class)
                        .name())
                .isEqualTo("of James");
    }
}
