import {Component, type ReactNode} from 'react';

/** What a server sent that could not be drawn takes nothing else with it. */
export class Boundary extends Component<{fallback: ReactNode; children: ReactNode}, {failed: boolean}> {
  override state = {failed: false};

  static getDerivedStateFromError(): {failed: boolean} {
    return {failed: true};
  }

  override render(): ReactNode {
    return this.state.failed ? this.props.fallback : this.props.children;
  }
}
